// How far one is on the way to an endpoint.

import Stepper, { Step } from '@leafygreen-ui/stepper'
import type { Service } from '../filters.ts'
import wizard from '../wizard.module.css'

/** What each step is told. */
export interface StepProps {
  readonly service: Service
}

const stepsOf = {
  new: ['Endpoint', 'Your network', 'Attach'],
  existing: ['Endpoint', 'Attach'],
} as const

export function Steps({ way, step }: { readonly way: keyof typeof stepsOf; readonly step: string }) {
  const steps: readonly string[] = stepsOf[way]
  return (
    <Stepper className={wizard.steps} currentStep={steps.indexOf(step)} aria-label="Steps">
      {steps.map((each) => (
        <Step key={each}>{each}</Step>
      ))}
    </Stepper>
  )
}
