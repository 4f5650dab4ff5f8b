// What stands in a page's place where there is no such page, or where it broke.

import Button from '@leafygreen-ui/button'
import { BasicEmptyState } from '@leafygreen-ui/empty-state'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { sentenceOf } from '../api/sentence.ts'

export function NotFoundPage() {
  useEffect(() => {
    document.title = 'Page not found | Postern'
  }, [])
  return (
    <BasicEmptyState
      title="Page not found"
      description="There is no page at this address. It may have been mistyped, or what it showed is gone."
      primaryButton={
        <Button as="a" href="/">
          Go to Clusters
        </Button>
      }
    />
  )
}

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return (
    <BasicEmptyState
      title="This page could not be shown"
      description={sentenceOf(error)}
      primaryButton={<Button onClick={reset}>Try again</Button>}
    />
  )
}
