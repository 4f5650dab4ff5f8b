// Which tool makes the consumer's side at which provider: each cloud's own, Terraform, and the local cloud.

import type { CloudProvider } from '../cloud.ts'

export const setupTools = ['aws', 'az', 'gcloud', 'terraform', 'local'] as const
export type SetupTool = (typeof setupTools)[number]

export const toolsOf = {
  AWS: ['aws', 'terraform', 'local'],
  AZURE: ['az', 'terraform', 'local'],
  GCP: ['gcloud', 'terraform', 'local'],
} as const satisfies Readonly<Record<CloudProvider, readonly SetupTool[]>>
