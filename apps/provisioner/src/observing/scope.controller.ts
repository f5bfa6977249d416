import { WAKE_QUEUES, type Wake } from '@cloudhero/queue';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ScopeLooksService } from './scope-looks.service';

@Controller()
export class ScopeController {
  constructor(private readonly looks: ScopeLooksService) {}

  @MessagePattern(WAKE_QUEUES.scope)
  observe(@Payload() { id }: Wake): Promise<void> {
    return this.looks.look(id);
  }
}
