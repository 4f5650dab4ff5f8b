// Where a cluster's members are. Its description depends on the version asked for; this reads the newest.

interface Described {
  readonly replicationSpecs?: readonly {
    readonly regionConfigs?: readonly { readonly providerName?: string; readonly regionName?: string }[]
  }[]
}

/** Each once, in the cluster's own order: the preferred region first. */
export const placesOf = (cluster: object): { readonly providers: string[]; readonly regions: string[] } => {
  const configs = ((cluster as Described).replicationSpecs ?? []).flatMap(({ regionConfigs }) => regionConfigs ?? [])
  const each = (values: readonly (string | undefined)[]) => [...new Set(values.filter((value) => value !== undefined))]
  return {
    providers: each(configs.map(({ providerName }) => providerName)),
    regions: each(configs.map(({ regionName }) => regionName)),
  }
}
