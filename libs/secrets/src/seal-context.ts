/** What a sealed value belongs to; see `Sealer`. */
export const sealContext = {
  provider: (id: string) => `provider:${id}`,
  integration: (id: string) => `integration:${id}`,
  environmentKeys: (id: string) => `environment:${id}:keys`,
  joinTokens: (id: string) => `environment:${id}:join`,
};
