import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { ORPHAN_KINDS } from '@cloudhero/queue';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { OrphansDeletedDto, OrphansDto } from './orphan.dto';
import { OrphansService } from './orphans.service';

const providerId = new IdParam('provider');

/** Listing and deleting are two calls on purpose: nobody is to lose a machine by looking. */
@ApiTags('providers')
@Controller('providers/:id/orphans')
export class OrphansController {
  constructor(private readonly orphans: OrphansService) {}

  @Get()
  @Documented({
    summary: 'What is at the cloud with this installation’s mark, and nobody knows of',
    description: 'Every region is asked. What has a row is never listed.',
    type: OrphansDto,
    errors: [404, 502, 504],
  })
  list(@CallerParam() caller: Caller, @Param('id', providerId) id: string) {
    return this.orphans.list(caller, id);
  }

  @Delete()
  @Documented({
    summary: 'Delete all orphans that there are now',
    type: OrphansDeletedDto,
    errors: [403, 404, 422, 502, 504],
  })
  removeAll(@CallerParam() caller: Caller, @Param('id', providerId) id: string) {
    return this.orphans.removeAll(caller, id);
  }

  @Delete(':region/:kind/:orphan')
  @HttpCode(204)
  @ApiParam({ name: 'kind', enum: ORPHAN_KINDS })
  @Documented({
    summary: 'Delete one orphan, after a look that it is one still',
    status: 204,
    errors: [403, 404, 409, 422, 502, 504],
  })
  remove(
    @CallerParam() caller: Caller,
    @Param('id', providerId) id: string,
    @Param('region') region: string,
    @Param('kind') kind: string,
    @Param('orphan') orphan: string,
  ) {
    return this.orphans.remove(caller, id, { region, kind, id: orphan });
  }
}
