/** Regions and sizes of a cloud account, as `GET /providers/:id/meta` prints them. */
export interface CloudMetadata {
  locations: Record<string, { endpoint: string; name: string }>;
  /** By category, then by size. Texts are for people: `"2"`, `"SSD (1 x 32)"`, `"7.5 GiB"`. */
  sizes: Record<string, Record<string, { cores: string; disk: string; ram: string; id: string }>>;
}
