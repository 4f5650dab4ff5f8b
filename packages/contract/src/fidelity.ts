// Where Postern is better than Atlas, automation that passes here could fail there. Every such behaviour is one line of
// this table, with what it is under each of the two settings of `--fidelity`; code asks for the line by its name. Where
// nothing published says what Atlas does, its column takes the stricter of the likely answers. docs/api-differences.md
// names each line beside the difference that it turns off.

export const fidelities = ['postern', 'atlas'] as const
export type Fidelity = (typeof fidelities)[number]

/** What each behaviour is; the words are the two settings, Postern's first. */
const table = {
  /** How long a state that passes is shown: as long as it takes, or at least as long as --fidelity-delay says. */
  passingStates: { postern: 'as they pass', atlas: 'held' },
  /** What an endpoint that comes or goes, or the regional mode, does to the clusters of its group. */
  endpointChanges: { postern: 'leave clusters IDLE', atlas: 'update clusters' },
  /** What a change of what is only written down (tags, labels, settings of machines) does to a cluster. */
  writtenChanges: { postern: 'leave the cluster IDLE', atlas: 'update the cluster' },
  /** Which nodes, priorities and disks a dedicated cluster may ask for. */
  clusterShape: { postern: 'what can be made here', atlas: 'what Atlas deploys' },
  /** Which endpoints a cluster shows strings for: those of complete providers, or its own regions, all of them. */
  privateStrings: { postern: 'any door', atlas: 'own regions only' },
  /** Where a group without the regionalized mode may have several endpoints. */
  severalEndpoints: { postern: 'anywhere', atlas: 'in one region, with none elsewhere' },
  /** Which SRV strings are shown. */
  srvStrings: { postern: 'where they resolve', atlas: 'always' },
  /** What deleting an endpoint service waits for; in Atlas its endpoints must be gone before it is asked for. */
  serviceDeletion: { postern: 'waits for endpoints on their way out', atlas: 'needs every endpoint gone' },
  /** Whether the last endpoint takes its service along. */
  lastEndpoint: { postern: 'as the server is set', atlas: 'takes its service' },
  /** Pausing: together with other changes and at any time, or alone and not within an hour of the last resume. */
  pausing: { postern: 'at any time', atlas: 'alone and an hour after resume' },
  /** What may be changed of a paused cluster before it is resumed. */
  pausedCluster: { postern: 'takes notes', atlas: 'takes nothing' },
  /** An address that an access list of a key or a service account has already. */
  repeatedAccessEntries: { postern: 'change nothing', atlas: 'refused' },
  /** A filter of events by a type that Atlas does not have. */
  unknownEventTypes: { postern: 'find nothing', atlas: 'refused' },
  /** Events of types that Atlas does not have, in Atlas's lists; Postern's own streams and webhooks tell them always. */
  ownEventTypes: { postern: 'shown', atlas: 'left out' },
  /** Latest `deleteAfterDate` of a database user or an entry of a project's IP access list. */
  temporaryLife: { postern: 'as long as asked for', atlas: 'a week at most' },
  /** Shortest life of a service account's secret. */
  secretLife: { postern: 'from an hour', atlas: 'from eight hours' },
} as const satisfies Readonly<Record<string, Readonly<Record<Fidelity, string>>>>

type Table = typeof table
export type BehaviourName = keyof Table
export type Behaviour = { readonly [Name in BehaviourName]: Table[Name][Fidelity] }

export const behaviourNames = Object.keys(table) as readonly BehaviourName[]

const behaviourOf = (fidelity: Fidelity): Behaviour =>
  Object.fromEntries(behaviourNames.map((name) => [name, table[name][fidelity]])) as unknown as Behaviour

/** Every behaviour under each setting. */
export const behaviours: Readonly<Record<Fidelity, Behaviour>> = {
  postern: behaviourOf('postern'),
  atlas: behaviourOf('atlas'),
}
