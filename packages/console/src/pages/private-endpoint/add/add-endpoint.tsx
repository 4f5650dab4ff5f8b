// Add Endpoint: a new one, made in its cloud by a ready-made command, or one that is there. Which step is the URL's to say.

import { useUrlState } from '../../../frame/url-state.ts'
import { AttachStep } from './attach-step.tsx'
import { NetworkStep } from './network-step.tsx'
import type { StepProps } from './steps.tsx'
import { WayStep } from './way-step.tsx'

export function AddEndpoint({ service }: StepProps) {
  const { search } = useUrlState()
  if (search.step === 'network') return <NetworkStep service={service} />
  if (search.step === 'attach') return <AttachStep service={service} />
  return <WayStep />
}
