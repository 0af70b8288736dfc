package pocdr.transitions.profile_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.profile_kept

kept := {"switchers": ["cluster:Group/release"], "operators": ["cluster:User/kube"], "authorities": [{"system": "payments", "platform": "log", "name": "main"}]}

sees(patch) := seen if {
	seen := profile_kept.sees with input as object.union(fixture.snapshot({}, []), {"profile": {"name": "default", "declared": true, "spec": object.union(kept, patch)}})
}

# absent is what is seen where the System's Profile is not declared.
absent := seen if {
	seen := profile_kept.sees with input as object.union(fixture.snapshot({}, []), {"profile": {"name": "default", "declared": false}})
}

# another is what is seen with a Profile of another name.
another(patch) := object.union(sees(patch), {"name": "other"})

change(patch) := fixture.change(sees({}), sees(patch), [])

said(message) := {["system", "spec", "profile"]: {message}}

test_kept if {
	profile_kept.refuses == {} with input as change({})
	profile_kept.refuses == {} with input as change({"proof": {"minWindow": "48h", "minVolume": 2000, "maxTolerance": "100u"}})
	profile_kept.refuses == {} with input as change({"operators": [], "authorities": []})
	profile_kept.refuses == {} with input as fixture.change(sees({"switchers": []}), sees({"switchers": ["cluster:User/eve"]}), [])
	profile_kept.refuses == {} with input as fixture.change(absent, sees({"proof": {"minWindow": "1h"}, "operators": ["cluster:User/eve"]}), [])
	profile_kept.refuses == {} with input as fixture.change(sees({}), another({"proof": {"minWindow": "48h"}, "operators": []}), [])
}

test_loosened if {
	profile_kept.refuses == said("the Profile's proof.minWindow is loosened") with input as change({"proof": {"minWindow": "1h"}})
	profile_kept.refuses == said("the Profile's proof.minVolume is loosened") with input as change({"proof": {"minVolume": 1}})
	profile_kept.refuses == said("the Profile's proof.maxTolerance is loosened") with input as change({"proof": {"maxTolerance": "1"}})
	profile_kept.refuses == said("the Profile's proof.maxIgnoredFields is loosened") with input as change({"proof": {"maxIgnoredFields": 99}})
	profile_kept.refuses == said("the Profile's rollback.minWindow is loosened") with input as change({"rollback": {"minWindow": "1s"}})
	profile_kept.refuses == said("the Profile's rollback.maxObjective is loosened") with input as change({"rollback": {"maxObjective": "9h"}})
	profile_kept.refuses == said("the Profile's rollback.maxRehearsalAge is loosened") with input as change({"rollback": {"maxRehearsalAge": "9000h"}})
	profile_kept.refuses == said("the Profile's correction.maxTimeToDetect is loosened") with input as change({"correction": {"maxTimeToDetect": "999h"}})
}

# It is the same where the other Profile was there before, and where it is made with the change.
test_another if {
	profile_kept.refuses == said("the Profile's proof.minWindow is loosened") with input as fixture.change(sees({}), another({"proof": {"minWindow": "1h"}}), [])
	profile_kept.refuses == said("the Profile's operators allow cluster:User/eve, whom they did not allow before") with input as fixture.change(sees({}), another({"operators": ["cluster:User/eve"]}), [])
	profile_kept.refuses == said("the Profile's operators allow cluster:User/eve, whom they did not allow before") with input as fixture.change(
		sees({}), another({"operators": ["cluster:User/eve"]}),
		[fixture.operation("create", "Profile/other", {"kind": "Profile", "namespace": null, "name": "other", "ours": false})],
	)
}

test_gained if {
	profile_kept.refuses == said("the Profile's switchers allow cluster:User/eve, whom they did not allow before") with input as change({"switchers": ["cluster:Group/release", "cluster:User/eve"]})
	profile_kept.refuses == said("the Profile's operators allow cluster:User/eve, whom they did not allow before") with input as change({"operators": ["cluster:User/eve"]})
	profile_kept.refuses == said("the Profile's authorities allow store for *, whom they did not allow before") with input as change({"authorities": [{"system": "*", "platform": "store"}]})
	profile_kept.refuses == said("the Profile's switchers bound nobody any more") with input as change({"switchers": []})
}

# An entry that another one covers allows nothing more, be it its beginning, its platform or any System.
test_narrowed if {
	every c in [
		["switchers", "cluster:Group/*", "cluster:Group/release"],
		["switchers", "cluster:Group/*", "cluster:Group/release-*"],
		["authorities", {"system": "*", "platform": "log"}, {"system": "payments", "platform": "log", "name": "main"}],
		["authorities", {"system": "payments", "platform": "log"}, {"system": "payments", "platform": "log", "name": "main"}],
	] {
		[field, wide, narrow] := c
		profile_kept.refuses == {} with input as fixture.change(sees({field: [wide]}), sees({field: [narrow]}), [])
		count(profile_kept.refuses) == 1 with input as fixture.change(sees({field: [narrow]}), sees({field: [wide]}), [])
		count(profile_kept.refuses) == 1 with input as fixture.change(sees({field: [narrow]}), sees({field: [narrow, wide]}), [])
	}
	profile_kept.refuses == said("the Profile's switchers allow cluster:Group/re*, whom they did not allow before") with input as change({"switchers": ["cluster:Group/release", "cluster:Group/re*"]})
}

test_taken_away if {
	profile_kept.refuses[["system", "spec", "profile"]]["Profile default, whose bounds hold for this System, is taken away: there is no Profile default"] with input as fixture.change(sees({}), absent, [])
}

test_absent_before if {
	profile_kept.refuses == {} with input as object.remove(change({"proof": {"minWindow": "1h"}}), ["before"])
	profile_kept.refuses == {} with input as object.remove(change({"proof": {"minWindow": "1h"}}), ["after"])
}

test_undeclared if {
	not profile_kept.sees with input as fixture.undeclared([])
}
