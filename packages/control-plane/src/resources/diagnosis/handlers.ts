// `POST …/groups/{groupId}:diagnose`: gathers, judges, answers. Nothing is changed, and no password is asked for.

import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { gatherFacts } from './facts.ts'
import { judge } from './judge.ts'

export const diagnosisHandlers = (parts: Pick<Parts, 'store' | 'clock' | 'settings'>): Handlers<'diagnoseGroup'> => ({
  diagnoseGroup: async ({ params: { groupId = '' }, body }) => {
    const facts = await gatherFacts(parts, groupId, body)
    return {
      body: {
        findings: [...judge(facts)],
        roads: facts.roads,
        served: facts.serving.flatMap(({ targets }) => [...targets.values()]),
      },
    }
  },
})
