import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller';
import { AccountsService } from './accounts.service';
import { KeysController } from './keys.controller';
import { KeysService } from './keys.service';

@Module({
  controllers: [AccountsController, KeysController],
  providers: [AccountsService, KeysService],
})
export class AccountsModule {}
