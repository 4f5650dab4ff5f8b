// What a balancer in front of the gateways has to be told, in its own language. Pure: ports in, text out. HAProxy and Envoy
// stand for one endpoint, which they name in a TLV of the PROXY header that they send (type 5, the protocol's unique id:
// what HAProxy can fill since 2.2, Envoy since 1.34); the gateways know it by POSTERN_GATEWAY_LISTENERS. In front of standard
// listeners they say from where a client comes, and nothing else: ports tell the rest.

export interface ExportedPort {
  readonly servicePort: number
  readonly gatewayPort: number
  readonly clusterName: string
  /** Null where the routers of a sharded cluster are balanced. */
  readonly member: string | null
}

export interface Export {
  /** Of one endpoint service, by service port, or of standard listeners. */
  readonly ports: readonly ExportedPort[]
  /** The endpoint that the balancer stands for; empty where none was named. */
  readonly endpointId: string
  /** The standard listeners that it stands for, instead of an endpoint. */
  readonly listeners?: StandardListeners
  /** Addresses of the gateways. */
  readonly gateways: readonly string[]
  /** Of the Kubernetes Service, and of what else is made. */
  readonly name: string
}

export interface StandardListeners {
  readonly ids: readonly string[]
  /** What their connection strings name. */
  readonly host: string
}

export const exportFormats = ['kubernetes', 'haproxy', 'envoy'] as const
export type ExportFormat = (typeof exportFormats)[number]

const of = ({ clusterName, member }: Pick<ExportedPort, 'clusterName' | 'member'>): string =>
  `${clusterName}, ${member ?? 'load balanced'}`

/** The protocol's PP2_TYPE_UNIQUE_ID. */
const tlvType = 5

const kubernetes = ({ ports, name, listeners }: Export): string =>
  lines(
    '# Gateways are pods with this label; each service port leads to the port that every gateway listens on for it. The load',
    ...(listeners === undefined
      ? [
          '# balancer has to send PROXY v2 (on AWS: the annotation service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*").',
        ]
      : [
          '# balancer leaves the client’s address as it is, or sends PROXY v2 (on AWS: the annotation',
          '# service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*") from an address that the gateways trust. Its own address',
          '# must be on no access list, or it lets in whoever comes by it.',
          ...reached(listeners),
          ...trusting(listeners),
        ]),
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  selector:',
    `    app: ${name}`,
    '  # The client’s address and a connection’s gateway stay what they are.',
    '  externalTrafficPolicy: Local',
    '  type: LoadBalancer',
    '  ports:',
    ...ports.flatMap(({ servicePort, gatewayPort, ...whose }) => [
      `    # ${of(whose)}`,
      `    - name: member-${servicePort}`,
      '      protocol: TCP',
      `      port: ${servicePort}`,
      `      targetPort: ${gatewayPort}`,
    ]),
  )

const listenersEntry = (endpointId: string): string =>
  JSON.stringify({ tlvs: [{ endpoint: endpointId, type: tlvType, value: endpointId }] })

const told = (endpointId: string): readonly string[] => [
  '# At each gateway: POSTERN_TRUSTED_PROXIES names the addresses that this balancer dials from, and',
  '# POSTERN_GATEWAY_LISTENERS a file with',
  `#   ${listenersEntry(endpointId)}`,
]

const trusting = ({ ids }: StandardListeners): readonly string[] => [
  '# At each gateway: POSTERN_TRUSTED_PROXIES names the addresses that this balancer dials from, or',
  '# POSTERN_GATEWAY_LISTENERS a file that names them for these listeners alone, as in',
  `#   ${JSON.stringify({ proxies: ids.map((endpointService) => ({ endpointService, from: ['192.0.2.20/32'] })) })}`,
]

const reached = ({ host }: StandardListeners): readonly string[] => [
  `# Connection strings lead to ${host} (POSTERN_STANDARD_HOST) at these ports: this balancer has to be reached there.`,
]

const head = ({ endpointId, listeners }: Export): readonly string[] =>
  listeners === undefined ? told(endpointId) : [...reached(listeners), ...trusting(listeners)]

const haproxy = (what: Export): string => {
  const { ports, endpointId, gateways, name, listeners } = what
  const proxied = `send-proxy-v2${listeners === undefined ? ' proxy-v2-options unique-id' : ''}`
  return lines(
    ...head(what),
    ...ports.flatMap(({ servicePort, gatewayPort, ...whose }) => [
      '',
      `# ${of(whose)}`,
      `listen ${name}-${servicePort}`,
      '  mode tcp',
      `  bind :${servicePort}`,
      ...(listeners === undefined ? [`  unique-id-format ${endpointId}`] : []),
      '  balance leastconn',
      '  # A gateway that is gone costs its clients nothing: the next one is dialled at once.',
      '  retries 3',
      '  option redispatch 1',
      '  timeout connect 10s',
      '  timeout client 1h',
      '  timeout server 1h',
      ...gateways.map((host, at) => `  server gateway-${at} ${bracketed(host)}:${gatewayPort} check ${proxied}`),
    ]),
  )
}

const envoy = (what: Export): string => {
  const { ports, endpointId, gateways, name, listeners } = what
  const tlvs = `            added_tlvs: [{ type: ${tlvType}, value: ${Buffer.from(endpointId).toString('base64')} }]`
  return lines(
    ...head(what),
    'static_resources:',
    '  listeners:',
    ...ports.flatMap(({ servicePort, ...whose }) => [
      `    # ${of(whose)}`,
      `    - name: ${name}-${servicePort}`,
      `      address: { socket_address: { address: "::", ipv4_compat: true, port_value: ${servicePort} } }`,
      '      filter_chains:',
      '        - filters:',
      '            - name: envoy.filters.network.tcp_proxy',
      '              typed_config:',
      '                "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
      `                stat_prefix: ${name}-${servicePort}`,
      `                cluster: ${name}-${servicePort}`,
      '                # A gateway that is gone costs its clients nothing: another one is dialled at once.',
      '                max_connect_attempts: 10',
    ]),
    '  clusters:',
    ...ports.flatMap(({ servicePort, gatewayPort }) => [
      `    - name: ${name}-${servicePort}`,
      '      type: STRICT_DNS',
      '      connect_timeout: 10s',
      '      lb_policy: LEAST_REQUEST',
      '      outlier_detection: { consecutive_5xx: 3, interval: 1s, base_ejection_time: 2s, max_ejection_percent: 90 }',
      '      load_assignment:',
      `        cluster_name: ${name}-${servicePort}`,
      '        endpoints:',
      '          - lb_endpoints:',
      ...gateways.map(
        (host) =>
          `              - endpoint: { address: { socket_address: { address: ${JSON.stringify(host)}, port_value: ${gatewayPort} } } }`,
      ),
      '      transport_socket:',
      '        name: envoy.transport_sockets.upstream_proxy_protocol',
      '        typed_config:',
      '          "@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport',
      '          config:',
      '            version: V2',
      ...(listeners === undefined ? [tlvs] : []),
      '          transport_socket:',
      '            name: envoy.transport_sockets.raw_buffer',
      '            typed_config:',
      '              "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer',
    ]),
  )
}

export const formats: Readonly<Record<ExportFormat, (what: Export) => string>> = { kubernetes, haproxy, envoy }

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`
