// Log-in: shown in place of whatever page was asked for, whose URL stays.

import { LogInCard } from './card.tsx'
import { LogInForm } from './form.tsx'

export const LogInPage = () => (
  <LogInCard>
    <LogInForm />
  </LogInCard>
)
