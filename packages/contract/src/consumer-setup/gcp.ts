// The consumer's side in Google Cloud: a forwarding rule on an address of its own for each service attachment. With port
// mapping there is one; in the legacy form there are as many as the project's limit says, and they are made in a loop.
// What attaching is told is printed last, as `postern local` prints it.

import { shellCommand, shellWord } from '../shell-words.ts'
import type { SetupParts, Written } from './consumer-setup.ts'
import { type Block, expression, hcl } from './hcl.ts'

const nameOf = ({ blanks, serviceId }: SetupParts): string => blanks.optional('endpointName') ?? `postern-${serviceId}`
const isLegacy = ({ targets }: SetupParts): boolean => targets.length > 1

export const gcpSetup = {
  gcloud: (parts: SetupParts): Written => ({
    create: isLegacy(parts) ? everyRule(parts) : oneRule(parts),
    attach: attach(parts, parts.blanks.text('gcpProjectId')),
  }),

  terraform: (parts: SetupParts): Written => ({
    create: isLegacy(parts) ? counted(parts) : single(parts),
    attach: null,
  }),

  local(parts: SetupParts): Written {
    const { blanks, groupId, serviceId } = parts
    const project = blanks.optional('gcpProjectId')
    return {
      create: shellCommand(
        ['postern', 'local', 'gcp', 'forwarding-rule', 'create', nameOf(parts)],
        [
          ['--endpoint-service-id', serviceId],
          ['--projectId', groupId],
          ...(project === undefined ? [] : [['--project', project] as const]),
        ],
      ),
      attach: attach(parts, project ?? 'local-project'),
    }
  },
} as const

const attach = (parts: SetupParts, project: string): string =>
  shellCommand(
    ['postern', 'privateEndpoints', 'gcp', 'interfaces', 'create', nameOf(parts)],
    [
      ['--endpointServiceId', parts.serviceId],
      ['--projectId', parts.groupId],
      ['--gcpProjectId', project],
      ['--endpoint', parts.blanks.later('<ENDPOINTS>')],
    ],
  )

function oneRule(parts: SetupParts): string {
  const { blanks, region, target } = parts
  const name = nameOf(parts)
  const place = [
    ['--project', blanks.text('gcpProjectId')],
    ['--region', region],
  ] as const
  const compute = (...words: readonly string[]) => ['gcloud', 'compute', ...words]
  return [
    shellCommand(compute('addresses', 'create', `${name}-ip`), [...place, ['--subnet', blanks.text('subnet')]]),
    shellCommand(compute('forwarding-rules', 'create', name), [
      ...place,
      ['--network', blanks.text('network')],
      ['--address', `${name}-ip`],
      ['--target-service-attachment', target],
    ]),
    `echo "--endpoint ${name}@$(${shellCommand(compute('addresses', 'describe', `${name}-ip`), [
      ...place,
      ['--format', 'value(address)'],
    ])})"`,
  ].join('\n')
}

function everyRule(parts: SetupParts): string {
  const { blanks, region, targets } = parts
  const name = shellWord(nameOf(parts))
  const place = `--project ${shellWord(blanks.text('gcpProjectId'))} --region ${shellWord(region)}`
  return [
    'n=0 endpoints=',
    'for attachment in \\',
    `${targets.map((target) => `  ${shellWord(target)}`).join(' \\\n')}`,
    'do',
    `  rule=${name}-$n`,
    `  gcloud compute addresses create "$rule-ip" ${place} --subnet ${shellWord(blanks.text('subnet'))} || break`,
    `  gcloud compute forwarding-rules create "$rule" ${place} --network ${shellWord(blanks.text('network'))} \\`,
    '    --address "$rule-ip" --target-service-attachment "$attachment" || break',
    `  address=$(gcloud compute addresses describe "$rule-ip" ${place} --format 'value(address)')`,
    '  endpoints="$endpoints $rule@$address" n=$((n + 1))',
    'done',
    'echo "--endpoint $(echo $endpoints | tr " " ,)"',
  ].join('\n')
}

const resourceOf = ({ serviceId }: SetupParts): string => `postern_${serviceId}`
const resource = (parts: SetupParts, type: string, rest: Omit<Block, 'type' | 'labels'>): Block => ({
  type: 'resource',
  labels: [type, resourceOf(parts)],
  ...rest,
})

function single(parts: SetupParts): string {
  const { blanks, region, target } = parts
  const name = nameOf(parts)
  const place = { project: blanks.text('gcpProjectId'), region }
  const address = `google_compute_address.${resourceOf(parts)}`
  return hcl([
    resource(parts, 'google_compute_address', {
      attributes: { name: `${name}-ip`, ...place, subnetwork: blanks.text('subnet'), address_type: 'INTERNAL' },
    }),
    resource(parts, 'google_compute_forwarding_rule', {
      attributes: {
        name,
        ...place,
        network: blanks.text('network'),
        ip_address: expression(`${address}.id`),
        target,
        load_balancing_scheme: '',
      },
    }),
    attachment(parts, {
      attributes: {
        endpoint_service_id: expression(`google_compute_forwarding_rule.${resourceOf(parts)}.name`),
        private_endpoint_ip_address: expression(`${address}.address`),
      },
    }),
  ])
}

function counted(parts: SetupParts): string {
  const { blanks, region, targets } = parts
  const name = nameOf(parts)
  const place = { project: blanks.text('gcpProjectId'), region }
  const address = `google_compute_address.${resourceOf(parts)}`
  const attachments = `postern_${parts.serviceId}_attachments`
  return hcl([
    { type: 'locals', attributes: { [attachments]: targets } },
    resource(parts, 'google_compute_address', {
      attributes: {
        count: expression(`length(local.${attachments})`),
        name: expression(`"${name}-\${count.index}-ip"`),
        ...place,
        subnetwork: blanks.text('subnet'),
        address_type: 'INTERNAL',
      },
    }),
    resource(parts, 'google_compute_forwarding_rule', {
      attributes: {
        count: expression(`length(local.${attachments})`),
        name: expression(`"${name}-\${count.index}"`),
        ...place,
        network: blanks.text('network'),
        ip_address: expression(`${address}[count.index].id`),
        target: expression(`local.${attachments}[count.index]`),
        load_balancing_scheme: '',
      },
    }),
    attachment(parts, {
      attributes: { endpoint_service_id: name },
      blocks: [
        {
          type: 'dynamic',
          labels: ['endpoints'],
          attributes: { for_each: expression(`google_compute_forwarding_rule.${resourceOf(parts)}`) },
          blocks: [
            {
              type: 'content',
              attributes: {
                endpoint_name: expression('endpoints.value.name'),
                ip_address: expression(`${address}[endpoints.key].address`),
              },
            },
          ],
        },
      ],
    }),
  ])
}

const attachment = (parts: SetupParts, { attributes, ...rest }: Omit<Block, 'type' | 'labels'>): Block =>
  resource(parts, 'mongodbatlas_privatelink_endpoint_service', {
    attributes: {
      project_id: parts.groupId,
      private_link_id: parts.serviceId,
      provider_name: 'GCP',
      gcp_project_id: parts.blanks.text('gcpProjectId'),
      ...attributes,
    },
    ...rest,
  })
