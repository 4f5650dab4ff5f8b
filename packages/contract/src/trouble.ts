// The troubles that people have with private endpoints, as Atlas's page on troubleshooting and the issues of its clients
// know them, numbered as this list has them: which checks name each, or why none can. A trouble that is missing here, or
// a check that is named wrongly, does not compile.

import type { CheckId } from './diagnosis.ts'

const numbers = Array.from({ length: 35 }, (_, at) => at + 1)
/** D01 to D35. */
export const troubleIds: readonly string[] = numbers.map((number) => `D${String(number).padStart(2, '0')}`)

export interface Trouble {
  readonly id: string
  readonly symptom: string
  readonly checks: readonly CheckId[]
  /** Where no check can see it: why, and what is done about it instead. */
  readonly instead?: string
}

const named = (id: string, symptom: string, ...checks: readonly [CheckId, ...CheckId[]]): Trouble => ({
  id,
  symptom,
  checks,
})
const unseen = (id: string, symptom: string, instead: string): Trouble => ({ id, symptom, checks: [], instead })

export const troubles: readonly Trouble[] = [
  named('D01', 'a service stays INITIATING', 'service-made'),
  named('D02', 'a service is FAILED', 'service-made'),
  named('D03', 'a service or an endpoint stays DELETING', 'service-made', 'endpoint-accepted'),
  named('D04', 'a service has no endpoint: the consumer’s side was never made', 'service-used', 'regions-covered'),
  named('D05', 'an endpoint stays pending', 'endpoint-accepted'),
  named('D06', 'an endpoint was attached with a wrong id, or made for another service', 'endpoint-accepted'),
  named('D07', 'an endpoint’s region is not accepted by its service', 'endpoint-accepted'),
  named('D08', 'a cloud fails for a while, and may be asked again', 'service-made', 'endpoint-accepted'),
  named('D09', 'an endpoint appears in its cloud only after it was attached', 'endpoint-accepted'),
  named('D10', 'the last endpoint takes its service along', 'last-endpoint'),
  named('D11', 'a forwarding rule cannot be found: name, project or address differs', 'endpoint-accepted'),
  named('D12', 'some of the forwarding rules are missing: k of n', 'endpoint-accepted'),
  named('D13', 'an endpoint is accepted and not AVAILABLE yet', 'endpoint-accepted'),
  named('D14', 'the consumer’s side is left over in its cloud', 'leftovers'),
  unseen(
    'D15',
    'Azure refuses to link the endpoint (LinkedAuthorizationFailed)',
    'Azure answers so before anything reaches Postern; the ready-made command has `--manual-request true`, which avoids it.',
  ),
  named('D16', 'a firewall on the application’s side drops or refuses what goes out', 'port-open'),
  named('D17', 'a firewall at the endpoint drops or refuses what comes in', 'port-open'),
  named('D18', 'a firewall lists single ports, and the ports move', 'port-block', 'port-open'),
  named('D19', 'a stored string is out of date', 'target-known', 'srv-resolves'),
  named('D20', 'SRV records are missing, or too few', 'srv-resolves', 'own-answer'),
  named(
    'D21',
    'a host has no address, a public one, or one that a resolver keeps back',
    'own-answer',
    'host-resolves',
    'private-answer',
  ),
  named(
    'D22',
    'a member cannot be reached though the others can',
    'port-open',
    'tls',
    'member-answers',
    'set-name',
    'primary',
    'advertised',
  ),
  named('D23', 'a cluster of several regions has no private string', 'regions-covered'),
  named('D24', 'the endpoints of another region cannot be reached', 'regions-reached'),
  named('D25', 'a cluster at several clouds has endpoints at one of them only', 'regions-covered'),
  named('D26', 'connections are refused because there are too many', 'room-for-connections', 'admitted'),
  named('D27', 'nobody knows where all the connections come from', 'room-for-connections'),
  unseen(
    'D28',
    'members see the balancer’s address instead of the client’s',
    'Members behind Postern see the gateway’s address, whatever their version; the client’s own is in the gateway’s log and among the live connections.',
  ),
  named('D29', 'a driver is told of a load balancer that is none', 'load-balanced'),
  named('D30', 'the cluster is paused', 'cluster-running'),
  named(
    'D31',
    'the keys lack a role, or the tier has no private endpoints',
    'may-change',
    'keys-accepted',
    'cluster-tier',
  ),
  named('D32', 'regionalized endpoints cannot be switched on or off', 'regional-mode'),
  named('D33', 'a region has no place left for members', 'room-for-members'),
  named('D34', 'pooled connections die unseen after an idle time', 'idle-time'),
  named(
    'D35',
    'the standard string is used where the private one was meant',
    'through-endpoint',
    'nobody-past-endpoint',
  ),
]
