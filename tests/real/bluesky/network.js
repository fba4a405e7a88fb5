// Bluesky's development network (@atproto/dev-env): a PDS, the AppView with its database, the moderation service, a directory of DIDs.
// Prints where it is as one line of JSON, then answers lines of JSON on standard input; ends with it.
'use strict'
const readline = require('node:readline')
const { TestNetwork } = require('@atproto/dev-env')
const { SignJWT } = require('jose')

const hands = {
  // what the moderation service was told
  reports: (n) =>
    n.ozone.ctx.db.db.selectFrom('moderation_event').where('action', '=', 'tools.ozone.moderation.defs#modEventReport').selectAll().execute(),
  // a token of this account that was over an hour ago, signed by the server
  expired: (n, { did }) =>
    new SignJWT({ scope: 'com.atproto.appPass' })
      .setProtectedHeader({ typ: 'at+jwt', alg: 'HS256' })
      .setAudience(n.pds.ctx.cfg.service.did)
      .setSubject(did)
      .setIssuedAt(Math.floor(Date.now() / 1000) - 7200)
      .setExpirationTime(Math.floor(Date.now() / 1000) - 3600)
      .sign(n.pds.jwtSecretKey()),
}

async function main() {
  const n = await TestNetwork.create({ bsky: { dbPostgresSchema: 'bsky' } })
  console.log('JSON ' + JSON.stringify({ pds: n.pds.url, node: process.version, env: require('@atproto/dev-env/package.json').version }))
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const job = JSON.parse(line)
    console.log('JSON ' + JSON.stringify(await hands[job.do](n, job)))
  }
  process.exit(0)
}

main().catch((e) => {
  console.error(e)
  process.exit(1)
})
