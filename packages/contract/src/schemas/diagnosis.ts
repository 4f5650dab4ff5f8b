// What the control plane knows of a cluster, an endpoint, the hosts of a connection string or the whole installation, as
// the doctor's findings (../diagnosis.ts).

import { z } from 'zod'
import { type CheckId, checks, findingStatuses } from '../diagnosis.ts'

const ids = checks.map(({ id }) => id) as [CheckId, ...CheckId[]]

const findingSchema = z.object({
  id: z.enum(ids),
  status: z.enum(findingStatuses),
  found: z.string(),
  why: z.string().nullable(),
  whatToDo: z.string().nullable(),
  command: z.string().nullable(),
  follows: z.enum(ids).nullable(),
})

const name = z.string().min(1).max(512)

export const diagnosisSchemas = {
  diagnoseGroup: {
    /** Neither `target` nor `hosts`: the installation. No field takes a password. */
    body: z.strictObject({
      /** Name of a cluster, id of an endpoint service, or of an endpoint as the API shows it. */
      target: name.optional(),
      /** `host:port` of a connection string, or the name of an SRV string. */
      hosts: z.array(name).max(256).optional(),
      username: name.optional(),
      databaseName: name.optional(),
    }),
    reply: z.object({
      findings: z.array(findingSchema),
      /** Connection strings, without credentials, that lead to what was asked about. */
      roads: z.array(
        z.object({
          clusterName: z.string(),
          endpointId: z.string(),
          /** Of the endpoint: `AWS US_EAST_1`. */
          region: z.string(),
          connectionString: z.string(),
        }),
      ),
      /** `host:port` on which the edges are to serve what was asked about. */
      served: z.array(z.string()),
    }),
  },
} as const

export type Diagnosis = z.output<(typeof diagnosisSchemas)['diagnoseGroup']['reply']>
export type DiagnosisQuestion = z.output<(typeof diagnosisSchemas)['diagnoseGroup']['body']>
