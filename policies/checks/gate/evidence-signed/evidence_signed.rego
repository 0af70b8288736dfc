# METADATA
# title: Proofs are signed by a prover that is trusted and does not deliver
# description: |
#   Asks whether each proof is signed by a prover that is trusted and is not who delivers, and whether what makes it trusted is kept outside of the
#   repository that delivers.
#
#   Who wants to deliver is the last one to ask whether it is safe. A proof that the delivering pipeline can write itself, or whose
#   trusted keys it can change in the same commit, is a form that is filled in.
# related_resources:
# - ref: https://slsa.dev/spec/v1.0/verifying-artifacts
#   description: Trusted signers, and what they vouch for
# custom:
#   level: 3
#   kind: goal
#   release: true
#   severity: critical
#   exemptible: false
#   remediation: Let a prover with an identity and a key of its own sign proofs, and keep the trusted keys where the delivering repository cannot change them.
#   awaits: [evidence]
package pocdr.checks.gate.evidence_signed
