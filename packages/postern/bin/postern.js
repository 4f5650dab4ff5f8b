#!/usr/bin/env node
// The one bin. It stands in the repository so that npm can link it before the bundle beside it is made.
import '../dist/bin.js'
