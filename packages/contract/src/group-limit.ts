// A group's limits: what an owner may raise or lower by API, with Atlas's names, defaults and bounds (Atlas
// Administration API, "Set One Project Limit"). Some bounds lie below the default: `override` is the other end of what
// may be set, whichever side it is on. Atlas's limits of data federation are not here: Postern has none.

export interface LimitRow {
  readonly default: number
  /** The farthest value that may be set. */
  readonly override: number
}

export const groupLimits = {
  'atlas.project.deployment.clusters': { default: 25, override: 100 },
  'atlas.project.deployment.nodesPerPrivateLinkRegion': { default: 50, override: 90 },
  'atlas.project.deployment.privateServiceConnectionsPerRegionGroup': { default: 50, override: 100 },
  'atlas.project.deployment.privateServiceConnectionsSubnetMask': { default: 27, override: 20 },
  'atlas.project.security.databaseAccess.customRoles': { default: 100, override: 1400 },
  'atlas.project.security.databaseAccess.users': { default: 100, override: 900 },
  'atlas.project.security.networkAccess.crossRegionEntries': { default: 40, override: 220 },
  'atlas.project.security.networkAccess.entries': { default: 200, override: 20 },
} as const satisfies Record<string, LimitRow>

export type LimitName = keyof typeof groupLimits

export const isLimitName = (name: string): name is LimitName => Object.hasOwn(groupLimits, name)

/** The values that may be set, both ends included. */
export const limitBounds = (name: LimitName): { readonly from: number; readonly to: number } => {
  const row: LimitRow = groupLimits[name]
  // A subnet mask is the one limit that is no amount: its override is its lower end, its default the upper one.
  if (name === 'atlas.project.deployment.privateServiceConnectionsSubnetMask') return { from: 20, to: 27 }
  return { from: 1, to: Math.max(row.default, row.override) }
}
