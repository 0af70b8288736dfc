package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const manifests = "../webhook/manifests"

// TestManifests lays what is shipped for the webhook beside the example, in the place of the platform team's part of it: all of it can be read, and
// every check answers as before, those of the gate among them.
func TestManifests(t *testing.T) {
	p, root := compile(t), filepath.Join(t.TempDir(), payments)
	if err := os.CopyFS(root, os.DirFS(payments)); err != nil {
		t.Fatal(err)
	}
	platform := filepath.Join(root, "platform")
	if err := os.RemoveAll(platform); err != nil {
		t.Fatal(err)
	}
	if got, _ := judge(t, p, root); got["gate/enforced"] == "pass" {
		t.Error("nothing is enforced without the platform team's part")
	}
	if err := os.Mkdir(platform, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range glob(t, manifests+"/*.yaml") {
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(platform, filepath.Base(file)), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, unread := judge(t, p, root)
	for _, u := range unread {
		t.Errorf("%s:%d was not read: %s", u.File, u.Line, u.Message)
	}
	unbroken, _ := judge(t, p, payments)
	if diff := cmp.Diff(unbroken, got); diff != "" {
		t.Errorf("the example stands otherwise with the shipped manifests (-want +got):\n%s", diff)
	}
}

var image = regexp.MustCompile(`image: \S+@sha256:[0-9a-f]{64}.*`)

// TestPlatform holds the platform team's part of the example to what is shipped: they differ in the image alone, which an overlay names.
func TestPlatform(t *testing.T) {
	for _, file := range glob(t, payments+"/platform/*.yaml") {
		shipped, err := os.ReadFile(filepath.Join(manifests, filepath.Base(file)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(image.ReplaceAllString(string(shipped), "image:"), image.ReplaceAllString(string(text), "image:")); diff != "" {
			t.Errorf("%s differs from %s: copy it, and name the image (-shipped +example):\n%s", file, manifests, diff)
		}
	}
}
