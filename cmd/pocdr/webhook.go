package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"

	"pocdr.dev/pocdr/cmd/pocdr/memory"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/source/cluster"
	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/admission"
	"pocdr.dev/pocdr/webhook/audit"
)

// serving is how the webhook is run.
type serving struct {
	judging
	webhook.Config
	kubeconfig, namespace string
	auditEvery            time.Duration
	outOfTouch            time.Duration
	controllers, cleaners []string
}

// checkLimit bounds one check on one system: one that does not end is asked several times for a request.
const checkLimit = time.Second

// retryEvery is how often it is tried again to read the cluster from the start.
const retryEvery = 2 * time.Second

// followEvery is how often a replica takes in what changes, where nobody asks it.
const followEvery = 10 * time.Second

func newWebhook() *cobra.Command {
	s := serving{Config: webhook.Defaults()}
	cmd := &cobra.Command{
		Use:   "webhook",
		Short: "Refuse changes of a cluster that would lower a system, and keep its systems' status",
		Long: `Webhook serves a validating admission webhook (POST /admit) and decides on each request as 'pocdr scan --base' decides on a commit:
what the cluster holds is watched and kept as facts, and the object of a request is put into it. One replica at a time audits the
cluster as it stands, and writes the level of each System into its status.

It is ready once it has read the cluster. See docs/webhook.md for its manifests, and for what to do when it refuses or fails.`,
		Example: `  pocdr webhook --cert-file /tls/tls.crt --key-file /tls/tls.key
  pocdr webhook --kubeconfig ~/.kube/config --cert-file tls.crt --key-file tls.key --audit-every 0`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.serve(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&s.kubeconfig, "kubeconfig", "", "how to reach the cluster (default: as a pod of it)")
	f.StringVar(&s.namespace, "namespace", os.Getenv("POD_NAMESPACE"), "the webhook's own namespace, for the lease of the audit")
	f.StringVar(&s.Address, "address", s.Address, "where the API server connects, by TLS")
	f.StringVar(&s.OpsAddress, "ops-address", s.OpsAddress, "plain HTTP: /healthz, /readyz and /metrics")
	f.StringVar(&s.CertFile, "cert-file", "", "the serving certificate, PEM; read again when it changes")
	f.StringVar(&s.KeyFile, "key-file", "", "its key")
	f.StringVar(&s.ClientCAFile, "client-ca-file", "", "who signs the API server's client certificate (default: no certificate is asked for)")
	f.StringArrayVar(&s.ClientNames, "client-name", nil, "a name that a client's certificate must hold (repeatable; default: any)")
	f.DurationVar(&s.Margin, "margin", s.Margin, "kept back from the time that the API server waits, for the way of the answer")
	f.IntVar(&s.Concurrency, "concurrency", s.Concurrency, "requests that are judged at once")
	f.IntVar(&s.QueueLength, "queue-length", s.QueueLength, "requests that may wait beyond those")
	f.DurationVar(&s.LameDuck, "lame-duck", s.LameDuck, "how long requests are still taken after the end is asked for")
	f.DurationVar(&s.auditEvery, "audit-every", 5*time.Minute, "how often the cluster is audited at the least; 0: not at all")
	f.DurationVar(&s.outOfTouch, "out-of-touch", time.Minute, "how long the cluster may not answer before nothing is judged any more")
	f.StringArrayVar(&s.controllers, "controller", admission.Controllers, "user that makes pods, and deletes them, for owners which are judged themselves; one that ends in a colon is the beginning of such users (repeatable)")
	f.StringArrayVar(&s.cleaners, "cleaner", admission.Cleaners, "user that deletes what goes with a deletion that was judged: of a namespace (repeatable)")
	f.StringArrayVar(&s.judging.policies, "policy", nil, policyUsage)
	productionFlag(f, &s.production)
	f.StringVar(&s.params, "params", "", paramsUsage)
	s.entrance = string(engine.Admission)
	return cmd
}

// serve runs the webhook until the context ends.
func (s *serving) serve(ctx context.Context) error {
	debug.SetMemoryLimit(memory.Set) // a long life
	if err := s.check(); err != nil {
		return err
	}
	p, settings, err := s.prepare()
	if err != nil {
		return err
	}
	config, err := s.clientConfig()
	if err != nil {
		return err
	}
	config.QPS = -1 // the API server bounds its clients itself; who waits for another here would be refused late
	c, err := cluster.New(config)
	if err != nil {
		return fmt.Errorf("the cluster: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("the cluster: %w", err)
	}
	p.Limit = checkLimit
	state := admission.NewState(p, settings.Params)
	s.Log = slog.New(slog.NewJSONHandler(os.Stdout, nil))
	klog.SetSlogLogger(s.Log) // what client-go says
	reviewer := &admission.Reviewer{
		Policies: p, State: state, Objects: c, Rights: admission.Asked{Client: client}, Confirm: admission.Reread(c, p), Now: time.Now,
		Controllers: s.controllers, Cleaners: s.cleaners,
	}
	s.Judge = reviewer
	var unread atomic.Pointer[error] // why the cluster is not read yet; nil once it is
	unread.Store(new(error))
	s.CacheAge = c.Age
	metrics := audit.NewMetrics()
	s.Metrics = metrics.Collectors()
	s.Ready = func() error { return s.readiness(c, unread.Load()) }
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return webhook.Run(ctx, s.Config) })
	group.Go(func() error {
		began := s.persist(ctx, func() (err error) {
			if reviewer.Auditor, err = admission.Self(ctx, client); err == nil {
				err = s.watch(ctx, c, p, state)
			}
			return err
		}, &unread)
		if !began {
			return nil
		}
		unread.Store(nil)
		s.Log.Info("the cluster is read", "checks", len(p.Checks), "policies", p.Digest)
		group.Go(func() error { state.Follow(ctx, followEvery); return nil })
		if s.auditEvery <= 0 {
			return nil
		}
		return s.audit(ctx, config, client, p, state, metrics)
	})
	return group.Wait()
}

// persist does something until it succeeds, and keeps what is in the way; false where the context ends first. An API server that does not answer while a replica starts will
// answer later, and a kubelet starts a process that has ended later and later.
func (s *serving) persist(ctx context.Context, do func() error, why *atomic.Pointer[error]) bool {
	for {
		err := do()
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			return true
		}
		why.Store(&err)
		s.Log.Warn("the cluster cannot be read yet", "cause", err.Error())
		select {
		case <-ctx.Done():
			return false
		case <-time.After(retryEvery):
		}
	}
}

// readiness tells why nothing can be judged, or nil. It ends with what the API server said, such as what is not granted.
func (s *serving) readiness(c *cluster.Cluster, unread *error) error {
	lost, why := c.Lost()
	if unread != nil && why == nil {
		why = *unread
	}
	switch {
	case unread != nil && why != nil:
		return fmt.Errorf("the cluster is not read yet: %w", why)
	case unread != nil:
		return errors.New("the cluster is not read yet")
	case lost > s.outOfTouch && why != nil:
		return fmt.Errorf("the cluster has not answered for %s: %w", lost.Truncate(time.Second), why)
	}
	return nil
}

// check asks for flags that make sense.
func (s *serving) check() error {
	switch {
	case s.CertFile == "" || s.KeyFile == "":
		return errors.New("--cert-file and --key-file are needed: the API server connects by TLS")
	case s.Margin < 0 || s.Margin >= s.Timeout:
		return fmt.Errorf("--margin %s: it is kept back from the %s that an API server waits, and leaves no time to judge", s.Margin, s.Timeout)
	case s.auditEvery < 0:
		return fmt.Errorf("--audit-every %s: it is a time between audits, or 0 for none", s.auditEvery)
	case s.outOfTouch <= 0:
		return fmt.Errorf("--out-of-touch %s: it is a time, and none would judge nothing", s.outOfTouch)
	}
	return nil
}

// clientConfig is how the cluster is reached: as --kubeconfig says, or as a pod of it does.
func (s *serving) clientConfig() (*rest.Config, error) {
	if s.kubeconfig != "" {
		config, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig)
		if err != nil {
			return nil, fmt.Errorf("--kubeconfig: %w", err)
		}
		return config, nil
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return nil, fmt.Errorf("this is no pod of a cluster (%w); outside of one, name a --kubeconfig", err)
	}
	return config, nil
}

// watch reads the cluster, and judges it once, so that the first request finds what it needs.
func (s *serving) watch(ctx context.Context, c *cluster.Cluster, p *engine.Policies, state *admission.State) error {
	if err := c.Watch(ctx, admission.Kinds(p), state); err != nil {
		return err
	}
	_, err := state.Judged(ctx, time.Now().Truncate(time.Second))
	return err
}

// audit audits the cluster while this replica holds the lease.
func (s *serving) audit(ctx context.Context, config *rest.Config, client kubernetes.Interface, p *engine.Policies, state *admission.State, metrics *audit.Metrics) error {
	systems, err := audit.NewWritten(ctx, config)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	identity := host + "_" + string(uuid.NewUUID()) // two on one host are two
	lead := func(ctx context.Context) {
		a := &audit.Auditor{
			Policies: p, Judged: state.Judged, Changed: state.Changed(), Systems: systems,
			Every: s.auditEvery, Settle: time.Second, Now: time.Now, Log: s.Log, Metrics: metrics,
		}
		a.Run(ctx)
	}
	if s.namespace == "" { // nobody to share with
		lead(ctx)
		return nil
	}
	for ctx.Err() == nil {
		leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
			Lock: &resourcelock.LeaseLock{
				LeaseMeta: metav1.ObjectMeta{Name: "pocdr-audit", Namespace: s.namespace}, Client: client.CoordinationV1(),
				LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
			},
			ReleaseOnCancel: true, LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 2 * time.Second,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: lead, OnStoppedLeading: func() {}},
		})
	}
	return nil
}
