// `POST …/groups/{groupId}:diagnose`: gathers, judges, answers. Nothing is changed, and no password is asked for.

import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Providers } from '../../providers/provider.ts'
import type { EdgeNews } from '../edge/news.ts'
import { gatherFacts } from './facts.ts'
import { judge } from './judge.ts'

export const diagnosisHandlers = (
  parts: Pick<Parts, 'store' | 'clock' | 'ids' | 'seal' | 'settings' | 'turns'> & { readonly news: EdgeNews },
  providers: Providers,
): Handlers<'diagnoseGroup'> => ({
  diagnoseGroup: async ({ params: { groupId = '' }, body, actor, signal }) => {
    const facts = await gatherFacts({ ...parts, providers }, { groupId, question: body, actor, signal })
    return {
      body: {
        findings: [...judge(facts)],
        roads: [...facts.roads],
        served: [...facts.served],
      },
    }
  },
})
