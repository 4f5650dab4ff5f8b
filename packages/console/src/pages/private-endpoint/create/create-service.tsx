// Create Endpoint Service: a form, then its progress. Which of both is the URL's to say.

import { useUrlState } from '../../../frame/url-state.ts'
import type { Service } from '../filters.ts'
import { ServiceForm } from './service-form.tsx'
import { ServiceProgress } from './service-progress.tsx'

export function CreateService({ services }: { readonly services: readonly Service[] }) {
  const { search } = useUrlState()
  if (search.step !== 'service') return <ServiceForm />
  const service = services.find(({ id }) => id === search.service)
  return service === undefined ? null : <ServiceProgress service={service} />
}
