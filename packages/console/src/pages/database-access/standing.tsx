// How a user or a role stands on the project's deployments, as a badge; what a deployment said against it, in words.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Tooltip } from '@leafygreen-ui/tooltip'
import { type Standing, standingTold } from './standing-told.ts'

const looks = {
  READY: { word: 'Applied', variant: Variant.Green },
  PENDING: { word: 'Being applied', variant: Variant.Yellow },
  NOT_MANAGED: { word: 'Not managed', variant: Variant.LightGray },
} as const

export function StandingBadge({ standing }: { readonly standing: Standing | undefined }) {
  if (standing === undefined) return null
  const { word, variant } = looks[standing.state]
  const told = standingTold(standing)
  const isRefused = standing.errorMessage !== null && standing.state !== 'NOT_MANAGED'
  return (
    <Tooltip
      trigger={
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what it says more is also for the keyboard
        <span tabIndex={0} role="note" aria-label={`${word}. ${told.join(' ')}`}>
          <Badge variant={isRefused ? Variant.Red : variant}>{word}</Badge>
        </span>
      }
    >
      {told.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Tooltip>
  )
}
