export const meta = { name: 'count-up', description: 'Count up', phases: [{ title: 'Write' }] }
const files = await repo.files('*.md')
phase('Write')
const about = await agent('What are numbers?', { label: 'about' })
const made = await parallel([1, 2, 3].map((n) => async () => {
  let one = await change('Write the number ' + n, { label: 'number ' + n })
  const verdict = await review(one, { reviewers: 1, lenses: ['correctness'] })
  if (verdict.verdict === 'rejected') {
    one = await revise(one, verdict.findings)
    await review(one, { reviewers: 1, lenses: ['correctness'] })
  }
  return one
}))
const claim = await verify('Numbers are fine', { reviewers: 1 })
return { files, about, claim: claim.verdict, folded: (await combine(made)).combined.length }
