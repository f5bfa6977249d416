import { Module } from '@nestjs/common';
import { MetadataService } from './metadata.service';
import { OrphansController } from './orphans.controller';
import { OrphansService } from './orphans.service';
import { ProvidersController } from './providers.controller';
import { ProvidersService } from './providers.service';

@Module({
  controllers: [ProvidersController, OrphansController],
  providers: [ProvidersService, MetadataService, OrphansService],
  exports: [MetadataService],
})
export class ProvidersModule {}
