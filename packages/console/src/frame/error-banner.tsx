// What was refused or went wrong, in the API's own words. Where they name the request that the log has, that is copyable.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { useRef, useState } from 'react'
import { requestIdOf, sentenceOf } from '../api/sentence.ts'
import { copyText } from './copy-text.ts'

interface ErrorBannerProps {
  readonly error: unknown
  readonly className?: string | undefined
}

export function ErrorBanner({ error, className }: ErrorBannerProps) {
  const sentence = sentenceOf(error)
  const requestId = requestIdOf(error)
  return (
    <Banner variant={Variant.Danger} role="alert" className={className}>
      {requestId === undefined ? sentence : <Unexpected sentence={sentence} requestId={requestId} />}
    </Banner>
  )
}

function Unexpected({ sentence, requestId }: { readonly sentence: string; readonly requestId: string }) {
  const shown = useRef<HTMLElement>(null)
  const [copied, setCopied] = useState(false)
  const [before, after = ''] = sentence.split(requestId)
  const copy = async (): Promise<void> => {
    await copyText(requestId, shown.current)
    setCopied(true)
  }
  return (
    <>
      {before}
      <span ref={shown}>{requestId}</span>
      {after}{' '}
      <Button type="button" size="xsmall" onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy request ID'}
      </Button>
    </>
  )
}
