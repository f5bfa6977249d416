import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import prettier from 'prettier';
import { ROOT } from './lib/paths.mjs';
import { main, say, UserError } from './lib/say.mjs';

const PAGE = join(ROOT, 'docs', 'configuration.md');
const HEAD = `# Configuration

Every service reads its environment once, when it starts, and says what is wrong with it. This page
is written by \`node tools/docs-config.mjs\` from the schemas in \`libs/config\`.
`;

const SERVICES = [
  ['api-gateway', 'apiGatewaySchema'],
  ['provisioner', 'provisionerSchema'],
  ['package-installer', 'packageInstallerSchema'],
  ['swarm-proxy', 'swarmProxySchema'],
  ['cloud-sandbox', 'cloudSandboxSchema'],
];

/** The built schemas, as JSON schemas of what they take in. */
function table(config, z, schemaName) {
  const { properties, required = [] } = z.toJSONSchema(config[schemaName], {
    io: 'input',
    unrepresentable: 'any',
  });
  const rows = Object.entries(properties).map(([name, property]) => {
    const needed = required.includes(name) ? 'required' : fallback(property);
    return `| \`${name}\` | ${needed} | ${meaning(property)} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const fallback = ({ default: value }) => (value === undefined ? 'none' : `\`${value}\``);

function meaning({ description = '', enum: values }) {
  return [description, values && values.map((value) => `\`${value}\``).join(', ')]
    .filter(Boolean)
    .join(': ');
}

main(async () => {
  const require = createRequire(join(ROOT, 'libs', 'config', 'package.json'));
  const config = require('@cloudhero/config');
  const { z } = require('zod');
  const sections = SERVICES.map(([app, name]) => `\n## ${app}\n\n${table(config, z, name)}\n`);
  const text = await prettier.format(HEAD + sections.join(''), { parser: 'markdown' });
  if (!process.argv.includes('--check')) {
    writeFileSync(PAGE, text);
    say(PAGE);
  } else if (readFileSync(PAGE, 'utf8') !== text)
    throw new UserError('docs/configuration.md is out of date; run: node tools/docs-config.mjs');
  return 0;
});
