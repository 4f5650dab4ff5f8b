// The doctor's checks, in the order of causes: who comes first is named first. What the control plane judges and what
// `postern doctor` judges from where it runs are one list, so that the two views join by id. A check that can only be a
// consequence of an earlier one that failed names it in `after`, and is then no finding of its own.

export const findingStatuses = ['OK', 'WARNING', 'FAILED', 'NOT_APPLICABLE', 'COULD_NOT_TELL'] as const
/** A check that could not be made is COULD_NOT_TELL, never OK. */
export type FindingStatus = (typeof findingStatuses)[number]

export interface Check {
  readonly id: string
  /** What it looks at, as a phrase. */
  readonly looksAt: string
  /** COMMAND: `postern doctor`, from where it runs. SERVER: the control plane. BOTH: each from its side. */
  readonly by: 'COMMAND' | 'SERVER' | 'BOTH'
  /** Checks whose failure makes this one's a consequence. */
  readonly after: readonly string[]
}

const check = <Id extends string>(id: Id, by: Check['by'], looksAt: string, after: readonly string[] = []) =>
  ({ id, by, looksAt, after }) as const

const away = ['server-reachable', 'server-ready', 'keys-accepted'] as const
const model = [
  'target-known',
  'through-endpoint',
  'service-made',
  'room-for-members',
  'endpoint-accepted',
  'cluster-running',
] as const
const string = ['string-readable', 'load-balanced'] as const
const names = ['own-answer', 'srv-resolves', 'host-resolves'] as const
const edge = ['edges-heard', 'edges-serve', 'regions-reached', 'edge-listens'] as const
const road = [...string, ...names, ...model, ...edge] as const

export const checks = [
  check('string-readable', 'COMMAND', 'the connection string: scheme, hosts, escapes, options'),
  check(
    'load-balanced',
    'COMMAND',
    'the option `loadBalanced`, and whether the port is one that spreads over routers',
    string.slice(0, 1),
  ),
  check('home-closed', 'COMMAND', 'permissions of the home folder and of bootstrap.json'),
  check('server-reachable', 'COMMAND', 'whether the control plane answers at all'),
  check('server-ready', 'COMMAND', 'whether the control plane reaches its store', ['server-reachable']),
  check('keys-accepted', 'COMMAND', 'whether the control plane takes the keys that are used', away.slice(0, 2)),
  check('may-change', 'SERVER', 'whether who asks may create and delete endpoints', away),
  check('clock', 'COMMAND', "this machine's clock beside the control plane's", ['server-reachable']),
  check('edges-heard', 'SERVER', 'whether gateway, DNS and forwarder have been heard of within a minute', away),
  check('edges-current', 'SERVER', 'whether each edge holds the newest snapshot', [...away, 'edges-heard']),
  check('edges-release', 'SERVER', 'whether each edge runs the control plane’s own release', [...away, 'edges-heard']),
  check('edges-serve', 'SERVER', 'listeners that an edge reported it cannot serve', [...away, 'edges-heard']),
  check('edges-believe', 'SERVER', 'from where gateways believe PROXY headers', [...away, 'edges-heard']),
  check('target-known', 'SERVER', 'whether the cluster, service, endpoint or hosts are of this project', [
    ...away,
    ...string,
  ]),
  check(
    'through-endpoint',
    'SERVER',
    'whether the hosts are an endpoint’s: neither the members’ own nor the gateway’s',
    [...away, ...string],
  ),
  check(
    'service-made',
    'SERVER',
    'state and age of the endpoint service; what its cloud answers to tries that failed',
    [...away, 'target-known'],
  ),
  check('room-for-members', 'SERVER', 'how many of the places for members an endpoint service has left', [
    ...away,
    'target-known',
    'service-made',
  ]),
  check(
    'endpoint-accepted',
    'SERVER',
    'state and age of the private endpoint, why it is refused or what it waits for, what its cloud has that comes near, and which clusters of its policy exist',
    [...away, 'target-known', 'service-made'],
  ),
  check('service-used', 'SERVER', 'whether an endpoint is attached to the endpoint service', [
    ...away,
    'target-known',
    'service-made',
    'endpoint-accepted',
  ]),
  check('last-endpoint', 'SERVER', 'whether deleting the endpoint takes its service along', [...away, 'target-known']),
  check('leftovers', 'SERVER', 'what a cloud still has of services and endpoints that are gone', [
    ...away,
    'target-known',
  ]),
  check('cluster-running', 'SERVER', 'whether the cluster is paused, being made or being deleted', [
    ...away,
    'target-known',
  ]),
  check('cluster-tier', 'SERVER', 'whether the tier has private endpoints', [...away, 'target-known']),
  check('regions-covered', 'SERVER', 'whether every region of the cluster, at each of its clouds, has an endpoint', [
    ...away,
    ...model,
    'cluster-tier',
  ]),
  check('regional-mode', 'SERVER', 'what stands in the way of regionalized endpoints, or of leaving them', away),
  check('deployment-answers', 'SERVER', 'whether the deployment answers the control plane', [
    ...away,
    'cluster-running',
  ]),
  check('hidden-members', 'SERVER', 'whether hidden members of registered deployments are known', [
    ...away,
    'target-known',
    'cluster-running',
    'deployment-answers',
  ]),
  check('nobody-past-endpoint', 'SERVER', 'who is connected to the members at this moment past the private endpoints', [
    ...away,
    'target-known',
    'edges-heard',
    'cluster-running',
    'deployment-answers',
  ]),
  check('user-known', 'SERVER', 'whether the database user exists in the project', [...away, 'target-known']),
  check('user-in-scope', 'SERVER', 'whether the user’s scopes let it into the cluster', [...away, 'user-known']),
  check('user-applied', 'SERVER', 'whether the deployment has the user yet', [
    ...away,
    'user-known',
    'user-in-scope',
    'cluster-running',
    'deployment-answers',
  ]),
  check('own-answer', 'COMMAND', 'the answer of Postern’s own DNS server beside that of this machine’s resolver', [
    ...string,
    'target-known',
  ]),
  check('srv-resolves', 'COMMAND', 'SRV and TXT of the name, asked as a driver asks: how many hosts, which options', [
    ...string,
    'target-known',
    'own-answer',
  ]),
  check(
    'host-resolves',
    'COMMAND',
    'addresses of each host, by the resolver that a driver uses, and how long they hold',
    [...string, 'target-known', 'own-answer', 'srv-resolves'],
  ),
  check('private-answer', 'COMMAND', 'whether those addresses are private ones', [...string, ...names]),
  check('regions-reached', 'COMMAND', 'from which regions’ endpoints anything is reached from here', [
    ...string,
    ...names,
    ...model,
    'edges-heard',
    'edges-serve',
  ]),
  check('edge-listens', 'COMMAND', 'whether anything listens on the ports that the control plane gave out', [
    ...string,
    ...names,
    ...model,
    'edges-heard',
    'edges-serve',
    'regions-reached',
  ]),
  check('dns-answers', 'COMMAND', 'whether the DNS server of this home answers', ['edges-heard', 'edge-listens']),
  check('port-block', 'SERVER', 'which block of ports a firewall must allow for each endpoint', [...away, ...model]),
  check('port-open', 'COMMAND', 'TCP to each port: refused, timed out and unroutable apart', road),
  check('room-for-connections', 'COMMAND', 'live connections beside the limits of the gateways, and who has most', [
    ...away,
    'edges-heard',
    'edges-serve',
    'edge-listens',
    'port-open',
  ]),
  check('within-policy', 'COMMAND', 'what the policies of endpoints made the gateways refuse lately', [
    ...away,
    'edges-heard',
    'edges-serve',
    'edge-listens',
    'port-open',
  ]),
  check(
    'turned-away',
    'COMMAND',
    'whom else the gateways turned away lately, also before they knew through which endpoint',
    [...away, 'edges-heard', 'edges-serve', 'edge-listens', 'port-open'],
  ),
  check('tls', 'COMMAND', 'TLS of each host: alert, trust, name, expiry', [
    ...road,
    'room-for-connections',
    'port-open',
  ]),
  check('admitted', 'COMMAND', 'what the gateway logged, or counted, of these very connections', [
    ...road,
    'room-for-connections',
    'port-open',
    'tls',
  ]),
  check('member-answers', 'BOTH', '`hello` of each member, and its role', [
    ...away,
    ...road,
    'deployment-answers',
    'room-for-connections',
    'port-open',
    'tls',
    'admitted',
  ]),
  check('set-name', 'COMMAND', '`replicaSet` beside the name that the members say', ['member-answers', 'admitted']),
  check('primary', 'COMMAND', 'whether a primary is among them', [
    ...road,
    'room-for-connections',
    'port-open',
    'tls',
    'admitted',
    'member-answers',
    'set-name',
  ]),
  check('advertised', 'COMMAND', 'whether the members name hosts that can be reached from here', [
    'member-answers',
    'admitted',
    'primary',
  ]),
  check('authentication', 'COMMAND', 'whether the deployment lets the user in', [
    ...road,
    'room-for-connections',
    'port-open',
    'tls',
    'admitted',
    'set-name',
    'primary',
    'advertised',
    'user-known',
    'user-in-scope',
    'user-applied',
  ]),
  check('idle-time', 'COMMAND', '`maxIdleTimeMS` beside the idle time after which clouds drop a connection', [
    'string-readable',
  ]),
] as const satisfies readonly Check[]

export type CheckId = (typeof checks)[number]['id']

export interface Finding {
  readonly id: CheckId
  readonly status: FindingStatus
  /** What was found: a sentence. */
  readonly found: string
  /** Why that breaks, what to do and the command for it; null where nothing is to be done. */
  readonly why: string | null
  readonly whatToDo: string | null
  readonly command: string | null
  /** The finding that this one can only be a consequence of. */
  readonly follows: CheckId | null
}

/** Nothing is wrong, and there is something to know or do all the same. */
export const isNote = ({ status, whatToDo }: Pick<Finding, 'status' | 'whatToDo'>): boolean =>
  status === 'OK' && whatToDo !== null

/** Worst first: of two views of one check, the worse holds. */
const worst: readonly FindingStatus[] = ['FAILED', 'WARNING', 'COULD_NOT_TELL', 'OK', 'NOT_APPLICABLE']

/** `finding('clock', 'OK', 'The clocks agree.')`. */
export const finding = (
  id: CheckId,
  status: FindingStatus,
  found: string,
  more: Partial<Pick<Finding, 'why' | 'whatToDo' | 'command'>> = {},
): Finding => ({ id, status, found, why: null, whatToDo: null, command: null, follows: null, ...more })

/** A word as a shell reads it back. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/**
 * All views joined: one finding a check, in the order of causes. What can only be a consequence of an earlier FAILED one
 * becomes COULD_NOT_TELL and says what it follows.
 */
export function joinFindings(found: readonly Finding[]): readonly Finding[] {
  const joined: Finding[] = []
  const failed = new Set<string>()
  for (const { id, after } of checks) {
    const views = found.filter((each) => each.id === id)
    const [view] = views.toSorted((one, other) => worst.indexOf(one.status) - worst.indexOf(other.status))
    if (view === undefined) continue
    const cause = checks.find((each) => failed.has(each.id) && (after as readonly string[]).includes(each.id))
    const told = cause === undefined ? view : consequence(view, cause.id)
    if (told.status === 'FAILED') failed.add(id)
    joined.push(told)
  }
  return joined
}

const consequence = (view: Finding, cause: CheckId): Finding =>
  view.status === 'OK' || view.status === 'NOT_APPLICABLE'
    ? view
    : { ...view, status: 'COULD_NOT_TELL', why: null, whatToDo: null, command: null, follows: cause }
