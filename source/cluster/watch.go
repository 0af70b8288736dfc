package cluster

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiwatch "k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"

	"pocdr.dev/pocdr/document"
)

// kept is what stays of an object that was handed to the sink: enough to tell it from others, and to tell that it is gone.
type kept struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	id       string             // empty for what the sink is not told of
	document *document.Document // until it is handed on
}

// hand hands an object on, once. Additions, changes and removals come one after the other.
func (k *kept) hand(sink Sink) {
	if k.document != nil {
		sink.Put(*k.document)
		k.document = nil
	}
}

func (k *kept) DeepCopyObject() runtime.Object { same := *k; return &same }

// watch is one kind that is watched.
type watch struct {
	resource schema.GroupVersionResource
	end      context.CancelFunc
	informer cache.SharedIndexInformer
	handler  cache.ResourceEventHandlerRegistration
	last     atomic.Int64            // when something was last heard, in Unix nanoseconds
	silence  atomic.Pointer[silence] // nil where somebody answers
	unserved atomic.Bool             // the last answer was that there is no such resource
}

// silence is that nobody answers.
type silence struct {
	since time.Time
	cause error // the first that was met
}

// start begins to watch a resource until the context ends.
func start(ctx context.Context, client dynamic.Interface, of schema.GroupVersionResource, sink Sink) *watch {
	w := &watch{resource: of}
	ctx, w.end = context.WithCancel(ctx)
	resource := client.Resource(of)
	w.informer = cache.NewSharedIndexInformer(cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			list, err := resource.List(ctx, o)
			w.hear(err)
			return list, err
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (apiwatch.Interface, error) {
			stream, err := resource.Watch(ctx, o)
			w.hear(err)
			return stream, err
		},
	}, resource), &unstructured.Unstructured{}, 0, cache.Indexers{})
	_ = w.informer.SetTransform(w.keep) // fails only once the informer runs
	w.handler, _ = w.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(object any) { object.(*kept).hand(sink) },
		UpdateFunc: func(old, object any) {
			was, is := old.(*kept), object.(*kept)
			if was.id != "" && is.id == "" { // it got an owner
				sink.Remove(was.id)
			}
			is.hand(sink)
		},
		DeleteFunc: func(object any) {
			if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
				object = gone.Obj
			}
			if k, ok := object.(*kept); ok && k.id != "" {
				sink.Remove(k.id)
			}
		},
	})
	w.hear(nil)
	go w.informer.RunWithContext(ctx)
	return w
}

// keep takes from an object what is kept of it, and its document on the way to the sink.
func (w *watch) keep(object any) (any, error) {
	o, ok := object.(*unstructured.Unstructured)
	if !ok {
		return object, nil
	}
	w.hear(nil)
	k := &kept{ObjectMeta: metav1.ObjectMeta{Name: o.GetName(), Namespace: o.GetNamespace(), UID: o.GetUID(), ResourceVersion: o.GetResourceVersion()}}
	if d, err := documentOf(o); err == nil && !owned(o) {
		k.id, k.document = d.ID, &d
	}
	return k, nil
}

// wait waits until everything that there was at the start was handed on.
func (w *watch) wait(ctx context.Context) error {
	if !cache.WaitForCacheSync(ctx.Done(), w.informer.HasSynced, w.handler.HasSynced) {
		return errors.New("the cluster was not read before the end")
	}
	return nil
}

// instead ends the watch, for one of the same kind in another version: once that one has read all, what it has not seen is gone.
func (w *watch) instead(ctx context.Context, other *watch, sink Sink) {
	w.end()
	if err := other.wait(ctx); err != nil {
		return
	}
	there := map[string]bool{}
	for _, object := range other.informer.GetStore().List() {
		there[object.(*kept).id] = true
	}
	for _, object := range w.informer.GetStore().List() {
		if id := object.(*kept).id; id != "" && !there[id] {
			sink.Remove(id)
		}
	}
}

// hear notes that the API server answered, or that it did not. That a kind is not served any more is an answer.
func (w *watch) hear(err error) {
	now := time.Now()
	w.unserved.Store(apierrors.IsNotFound(err))
	if err == nil || apierrors.IsNotFound(err) {
		w.last.Store(now.UnixNano())
		w.silence.Store(nil)
	} else {
		w.silence.CompareAndSwap(nil, &silence{now, err})
	}
}

func (w *watch) heard() time.Time { return time.Unix(0, w.last.Load()) }
