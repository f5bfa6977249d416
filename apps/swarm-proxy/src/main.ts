import 'reflect-metadata';
import { NestLogger, type Logger } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { LOGGER } from './tokens';

async function main() {
  // Nest declares its options as a class, and means their shape.

  const app = await NestFactory.createApplicationContext(AppModule, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new NestLogger(app.get<Logger>(LOGGER)));
  app.enableShutdownHooks([], { useProcessExit: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1); // what was opened before must not keep us alive
});
