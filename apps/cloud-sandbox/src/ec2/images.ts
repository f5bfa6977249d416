import { type Region, stableId } from './regions';

export interface Image {
  imageId: string;
  name: string;
  description: string;
  ownerId: string;
  architecture: 'x86_64';
  creationDate: string;
}

/** Debian's account for its AMIs. @see https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm */
const DEBIAN_OWNER = '136693071363';

/** In the form of Debian's names; an older and a newer one, so that callers must sort. */
const DEBIAN_12 = [
  { name: 'debian-12-amd64-20240717-1811', date: '2024-07-17T18:11:38.000Z' },
  { name: 'debian-12-amd64-20250316-2053', date: '2025-03-16T20:53:31.000Z' },
];

/** What a region offers; ids differ by region, as on AWS, and never change. */
export function imagesOf(region: Region): Image[] {
  return DEBIAN_12.map(({ name, date }) => ({
    imageId: stableId('ami', region, name),
    name,
    description: `Debian 12 (${name.slice(-13)})`,
    ownerId: DEBIAN_OWNER,
    architecture: 'x86_64',
    creationDate: date,
  }));
}

/** The value of Debian's public SSM parameter for its newest image. */
export function imageParameter(region: Region, name: string): string | undefined {
  if (name !== '/aws/service/debian/release/12/latest/amd64') return undefined;
  return imagesOf(region).at(-1)?.imageId;
}
