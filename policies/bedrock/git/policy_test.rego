package pocdr.bedrock.git.policy_test

import data.pocdr.bedrock.git.policy

test_a_module if policy.facts == {{"fact": "policy", "path": [], "package": "team.check", "rules": 3, "tests": 2}} with input as {"package": "team.check", "rules": 3, "tests": 2}
