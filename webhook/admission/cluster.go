package admission

import (
	"context"
	"fmt"
	"slices"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/source/cluster"
)

// Put takes in an object as it is now. The facts are made here, so that no object is kept.
func (s *State) Put(d document.Document) {
	s.Replace(s.policies.Replace(context.Background(), d))
}

// Remove takes in that an object is gone.
func (s *State) Remove(id string) { s.Replace(engine.Replacement{Document: id}) }

// Kinds are the kinds of objects that a webhook watches: all that adapters name, and the Profiles. What an adapter reads of any
// kind is made of these, and of the object in hand.
func Kinds(p *engine.Policies, facts ...string) []cluster.Kind {
	var kinds []cluster.Kind
	for _, s := range p.Objects(facts...) {
		if s.Kind != "*" {
			kinds = append(kinds, cluster.Kind(s))
		}
	}
	return append(kinds, cluster.Kind{Group: v1alpha1.Group, Kind: "Profile"})
}

// Reread confirms refusals by what a cluster holds now. Only objects that are not known in the version that they have now are read.
func Reread(c *cluster.Cluster, p *engine.Policies) Confirm {
	return func(ctx context.Context, v *engine.View, facts []string) ([]engine.Replacement, error) {
		kinds := Kinds(p, facts...)
		there, err := c.Versions(ctx, kinds)
		if err != nil {
			return nil, err
		}
		var replaced []engine.Replacement
		gone := map[string]bool{}
		for _, id := range v.Of(func(o document.Object) bool {
			return slices.Contains(kinds, cluster.Kind{Group: o.Group(), Kind: o.Kind})
		}) {
			gone[id] = true
		}
		for _, d := range there {
			delete(gone, d.ID)
			if v.Known(d) != nil {
				continue
			}
			now, err := c.Get(ctx, d.Object)
			switch {
			case apierrors.IsNotFound(err):
				gone[d.ID] = true
			case err != nil:
				return nil, err
			default:
				replaced = append(replaced, p.Replace(ctx, now))
			}
		}
		for _, id := range sortedKeys(gone) {
			replaced = append(replaced, engine.Replacement{Document: id})
		}
		return replaced, nil
	}
}

// Self tells as which user an API server knows who asks it.
func Self(ctx context.Context, client kubernetes.Interface) (string, error) {
	answer, err := client.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("as which user this runs: %w", err)
	}
	return answer.Status.UserInfo.Username, nil
}

// Asked asks an API server who may break glass.
type Asked struct{ Client kubernetes.Interface }

// MayBreakGlass asks whether the user holds the verb breakglass on a System.
func (a Asked) MayBreakGlass(ctx context.Context, user authenticationv1.UserInfo, namespace, system string) (bool, error) {
	extra := map[string]authorizationv1.ExtraValue{}
	for key, values := range user.Extra {
		extra[key] = authorizationv1.ExtraValue(values)
	}
	answer, err := a.Client.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User: user.Username, UID: user.UID, Groups: user.Groups, Extra: extra,
			ResourceAttributes: &authorizationv1.ResourceAttributes{
				Group: v1alpha1.Group, Resource: "systems", Verb: "breakglass", Namespace: namespace, Name: system,
			},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, err
	}
	return answer.Status.Allowed, nil
}
