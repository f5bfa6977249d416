import type { CloudDriver, OwnedResource } from '@cloudhero/cloud';
import { asCloudHeroError, CloudHeroError, type CloudMetadata } from '@cloudhero/domain';
import type { CloudScopeRepository, ProviderRepository } from '@cloudhero/persistence';
import type { Orphan, OrphanKey, OrphanList, OrphansDeleted } from '@cloudhero/queue';
import type { CloudAccountsService } from '../clouds/cloud-accounts.service';
import { findOrphans } from './find-orphans';

interface Found {
  region: string;
  resource: OwnedResource;
}

/** What stands in the way of others goes first. */
const ORDER: readonly OrphanKey['kind'][] = ['server', 'volume', 'firewall', 'ssh_key', 'tag'];

/** Finds and, when asked to, deletes what carries our mark at a cloud and has no row. */
export class OrphansService {
  constructor(
    private readonly providers: ProviderRepository,
    private readonly scopes: CloudScopeRepository,
    private readonly accounts: CloudAccountsService,
  ) {}

  /** Looks in every region. @throws CloudHeroError when no region answers. */
  async list(providerId: string): Promise<OrphanList> {
    const { driver, regions } = await this.account(providerId);
    const { found, unreachable } = await this.find(driver, regions);
    return { orphans: found.map(print), regions: regions.length, unreachable };
  }

  /** Deletes one, or all, each only if it is an orphan at this moment. */
  async delete(providerId: string, only?: OrphanKey): Promise<OrphansDeleted> {
    const { driver, regions } = await this.account(providerId);
    const asked = only ? regions.filter((region) => region === only.region) : regions;
    const { found, unreachable } = await this.find(driver, asked);
    const chosen = found.filter(({ resource }) => !only || isSame(resource, only));
    const result: OrphansDeleted = { deleted: [], kept: [], unreachable };
    for (const orphan of [...chosen].sort((a, b) => rank(a) - rank(b))) {
      try {
        await driver.deleteOwned(orphan.region, orphan.resource);
        result.deleted.push(print(orphan));
      } catch (error) {
        const { code, message } = asCloudHeroError(error);
        result.kept.push({ ...print(orphan), code, message });
      }
    }
    return result;
  }

  private async find(driver: CloudDriver, regions: readonly string[]) {
    const unreachable: string[] = [];
    const failures: unknown[] = [];
    const lists = await Promise.all(
      regions.map((region) =>
        driver.listOwned(region).then(
          (owned) => owned.map((resource): Found => ({ region, resource })),
          (error: unknown) => {
            unreachable.push(region);
            failures.push(error);
            return [];
          },
        ),
      ),
    );
    if (regions.length > 0 && unreachable.length === regions.length) throw failures[0];
    // What belongs to no region is listed in each.
    const all = new Map(
      lists.flat().map((found) => [`${found.resource.kind}/${found.resource.id}`, found]),
    );
    const orphans = new Set(
      await findOrphans(
        [...all.values()].map(({ resource }) => resource),
        this.scopes,
      ),
    );
    return {
      found: [...all.values()].filter(({ resource }) => orphans.has(resource)),
      unreachable,
    };
  }

  private async account(providerId: string): Promise<{ driver: CloudDriver; regions: string[] }> {
    const provider = await this.providers.find(providerId);
    if (!provider) throw new CloudHeroError('not_found', 'The provider is gone.');
    const driver = this.accounts.driverFor(provider);
    const kept = provider.metadata as unknown as CloudMetadata | null;
    const { locations } = kept ?? (await driver.metadata());
    return { driver, regions: Object.keys(locations) };
  }
}

const rank = ({ resource }: Found) => ORDER.indexOf(resource.kind);
const isSame = (resource: OwnedResource, { kind, id }: OrphanKey) =>
  resource.kind === kind && resource.id === id;

function print({ region, resource }: Found): Orphan {
  const { kind, id, name, environmentId = null, createdAt } = resource;
  return { region, kind, id, name, environmentId, createdAt: createdAt?.toISOString() ?? null };
}
