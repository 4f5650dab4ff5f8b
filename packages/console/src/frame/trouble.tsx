// What stands in a page's place where there is no such page, or where it broke.

import Button from '@leafygreen-ui/button'
import { Body, Link } from '@leafygreen-ui/typography'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ErrorBanner } from './error-banner.tsx'
import { PageHead } from './page-head.tsx'

export function NotFoundPage() {
  useEffect(() => {
    document.title = 'Page not found | Postern'
  }, [])
  return (
    <>
      <PageHead title="Page not found" />
      <Body>There is no page at this address. It may have been mistyped, or what it showed is gone.</Body>
      <p>
        <Link href="/">Go to Clusters</Link>
      </p>
    </>
  )
}

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHead title="This page could not be shown">
        <Button onClick={reset}>Try again</Button>
      </PageHead>
      <ErrorBanner error={error} />
    </>
  )
}
