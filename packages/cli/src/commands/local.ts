// `postern local …`: the consumer's side of private endpoints on this machine, where a real cloud's own tool would be
// used. Words and flags are those tools' (aws ec2, az network, gcloud compute), in their kebab style; camel case is
// understood too.

import type { Command } from '../core/command.ts'

export const local: readonly Command[] = [
  {
    word: 'aws',
    short: 'VPC endpoints of the local cloud.',
    load: async () => (await import('./local/aws.ts')).localAws,
  },
  {
    word: 'azure',
    short: 'Azure private endpoints of the local cloud.',
    load: async () => (await import('./local/azure.ts')).localAzure,
  },
  {
    word: 'gcp',
    short: 'Google Cloud forwarding rules of the local cloud.',
    load: async () => (await import('./local/gcp.ts')).localGcp,
  },
]
