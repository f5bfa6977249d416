import { PACKAGE_CATALOGUE } from '@cloudhero/domain';
import { Controller, Get, Module } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Documented } from '../http/documented.decorator';

export class PackageDto extends createZodDto(
  z.object({
    name: z.string(),
    aliases: z.array(z.string()),
    description: z.string(),
    ports: z.array(z.number().int()),
  }),
) {}

@ApiTags('packages')
@Controller('packages')
export class PackagesController {
  @Get()
  @Documented({
    summary: 'The catalogue of packages; apt:NAME asks for any other of the distribution’s',
    type: [PackageDto],
  })
  list() {
    return PACKAGE_CATALOGUE;
  }
}

@Module({ controllers: [PackagesController] })
export class PackagesModule {}
