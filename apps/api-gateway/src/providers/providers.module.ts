import { Module } from '@nestjs/common';
import { MetadataService } from './metadata.service';
import { ProvidersController } from './providers.controller';
import { ProvidersService } from './providers.service';

@Module({
  controllers: [ProvidersController],
  providers: [ProvidersService, MetadataService],
  exports: [MetadataService],
})
export class ProvidersModule {}
