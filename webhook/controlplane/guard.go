package controlplane

import (
	"context"
	"net"
	"strconv"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Guard registers webhooks until the test ends. The test answers them on the address that it gives, with the certificate tls.crt and
// the key tls.key in the folder that it gives. Webhooks name a service, whose path is kept.
func (p *Plane) Guard(t testing.TB, configuration *admissionregistrationv1.ValidatingWebhookConfiguration) (address, certificates string) {
	t.Helper()
	for i := range configuration.Webhooks {
		if service := configuration.Webhooks[i].ClientConfig.Service; service != nil && service.Path == nil {
			service.Path = new(string) // a service without a path stays as it is, and nobody answers
		}
	}
	options := &envtest.WebhookInstallOptions{ValidatingWebhooks: []*admissionregistrationv1.ValidatingWebhookConfiguration{configuration}}
	t.Cleanup(func() {
		if err := p.unguard(configuration, options); err != nil {
			t.Errorf("take away the webhooks: %v", err)
		}
	})
	if err := options.Install(p.Config); err != nil {
		t.Fatalf("register the webhooks: %v", err)
	}
	return net.JoinHostPort(options.LocalServingHost, strconv.Itoa(options.LocalServingPort)), options.LocalServingCertDir
}

func (p *Plane) unguard(configuration *admissionregistrationv1.ValidatingWebhookConfiguration, options *envtest.WebhookInstallOptions) error {
	c, err := client.New(p.Config, client.Options{})
	if err != nil {
		return err
	}
	if err := c.Delete(context.Background(), configuration); client.IgnoreNotFound(err) != nil {
		return err
	}
	return options.Cleanup()
}
