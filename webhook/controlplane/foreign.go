package controlplane

import (
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// versions are the served versions of groups that Kubernetes itself does not have, the stored one first.
var versions = map[string][]string{
	"kafka.strimzi.io": {"v1", "v1beta2"}, "k8ssandra.io": {"v1alpha1"}, "cassandra.datastax.com": {"v1beta1"},
	"monitoring.coreos.com": {"v1"}, "monitoring.googleapis.com": {"v1"}, "operator.victoriametrics.com": {"v1beta1"},
	"cert-manager.io": {"v1"}, "external-secrets.io": {"v1", "v1beta1"}, "bitnami.com": {"v1alpha1"}, "keda.sh": {"v1alpha1"},
	"tekton.dev": {"v1", "v1beta1"}, "argoproj.io": {"v1alpha1"},
}

// foreign makes definitions of the kinds that adapters read and Kubernetes does not have. They take any field: what is in
// them is their operators' to check.
func foreign() ([]*apiextensionsv1.CustomResourceDefinition, error) {
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		return nil, err
	}
	kinds := p.Objects()
	kinds = append(kinds, engine.Selector{Group: "kafka.strimzi.io", Kind: "KafkaNodePool"}, engine.Selector{Group: "cert-manager.io", Kind: "Issuer"})
	var definitions []*apiextensionsv1.CustomResourceDefinition
	for _, s := range kinds {
		if served := versions[s.Group]; len(served) > 0 {
			definitions = append(definitions, definition(s, served))
		}
	}
	return definitions, nil
}

func definition(s engine.Selector, served []string) *apiextensionsv1.CustomResourceDefinition {
	singular := strings.ToLower(s.Kind)
	plural := singular + "s"
	open := true
	d := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: plural + "." + s.Group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: s.Group, Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Kind: s.Kind, ListKind: s.Kind + "List", Plural: plural, Singular: singular},
		},
	}
	for i, version := range served {
		d.Spec.Versions = append(d.Spec.Versions, apiextensionsv1.CustomResourceDefinitionVersion{
			Name: version, Served: true, Storage: i == 0,
			Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
				Type: "object", XPreserveUnknownFields: &open,
			}},
		})
	}
	return d
}
