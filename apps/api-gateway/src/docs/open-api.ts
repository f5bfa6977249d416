import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { cleanupOpenApiDoc } from 'nestjs-zod';

const DESCRIPTION = `One call turns into running servers, with their packages installed and their
Docker engines joined into a cluster. \`ANY /swarm/{environment}/…\` is that cluster's whole Docker API.`;

/** The OpenAPI document, from the code. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('CloudHero API')
    .setDescription(DESCRIPTION)
    .setVersion('1.0')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'Authentication-Token' }, 'key')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .addSecurityRequirements('key')
    .addSecurityRequirements('bearer')
    .build();
  return cleanupOpenApiDoc(SwaggerModule.createDocument(app, config));
}

/** `/docs` for people, `/openapi.json` for programs. */
export function mountDocs(app: NestFastifyApplication) {
  // Made when it is first asked for: most processes are never asked.
  let document: OpenAPIObject | undefined;
  const factory = () => (document ??= openApiDocument(app));
  SwaggerModule.setup('docs', app, factory, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'CloudHero API',
  });
}
