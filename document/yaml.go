package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	yaml2 "go.yaml.in/yaml/v2"
	yaml3 "go.yaml.in/yaml/v3"
)

// decodeManifest reads one YAML document as the API server's clients do: YAML 1.1 (yes is true),
// duplicate keys are an error, every key becomes text. sigs.k8s.io/yaml does the same by way of JSON text; tests
// hold the two against each other.
func (r *reading) decodeManifest(text []byte, bounds Bounds) (any, error) {
	value, ok := readBlock(text, bounds)
	if r.plain = ok; ok {
		return value, nil
	}
	return decodeFully(text, bounds)
}

func decodeFully(text []byte, bounds Bounds) (any, error) {
	var value any
	if err := yaml2.UnmarshalStrict(text, &value); err != nil {
		return nil, err
	}
	return (&copying{bounds: bounds}).value(value, 0)
}

// decodePipeline reads one YAML document as CI systems do: YAML 1.2, in which `on` is a key named "on".
func decodePipeline(text []byte, bounds Bounds) (any, error) {
	var value any
	if err := yaml3.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	return (&copying{bounds: bounds}).value(value, 0)
}

// copying converts what a YAML library returns into plain values, within bounds. An alias is a shared
// value there and is counted each time it is met, so that a small file cannot become a large document.
type copying struct {
	bounds Bounds
	values int
}

var errDepth = errors.New("nested too deeply")

func (c *copying) value(v any, depth int) (any, error) {
	if c.values++; c.values > c.bounds.Values {
		return nil, fmt.Errorf("holds more than %d values once its aliases are expanded", c.bounds.Values)
	}
	if depth > c.bounds.Depth {
		return nil, fmt.Errorf("%w: more than %d levels", errDepth, c.bounds.Depth)
	}
	switch v := v.(type) {
	case map[any]any:
		return c.mapping(v, depth)
	case map[string]any:
		return c.object(v, depth)
	case []any:
		return c.list(v, depth)
	}
	return scalar(v)
}

func (c *copying) mapping(m map[any]any, depth int) (any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		name, err := keyText(k)
		if err != nil {
			return nil, err
		}
		if _, ok := out[name]; ok {
			return nil, fmt.Errorf("key %q is set twice", name)
		}
		if out[name], err = c.value(v, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *copying) object(m map[string]any, depth int) (any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		copied, err := c.value(v, depth+1)
		if err != nil {
			return nil, err
		}
		out[k] = copied
	}
	return out, nil
}

func (c *copying) list(l []any, depth int) (any, error) {
	out := make([]any, len(l))
	for i, v := range l {
		copied, err := c.value(v, depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = copied
	}
	return out, nil
}

// keyText is the text that a key of a mapping has in JSON.
func keyText(k any) (string, error) {
	switch k := k.(type) {
	case string:
		return k, nil
	case int:
		return strconv.Itoa(k), nil
	case int64:
		return strconv.FormatInt(k, 10), nil
	case bool:
		return strconv.FormatBool(k), nil
	case float64:
		return floatKey(k), nil
	}
	return "", fmt.Errorf("a key is neither text, number nor boolean: %v", k)
}

// floatKey writes a float as sigs.k8s.io/yaml writes it in a key.
func floatKey(f float64) string {
	switch s := strconv.FormatFloat(f, 'g', -1, 32); s {
	case "+Inf":
		return ".inf"
	case "-Inf":
		return "-.inf"
	case "NaN":
		return ".nan"
	default:
		return s
	}
}

// fault reads a library's error: the line that it names (1 where it names none), and what is wrong, on one line.
func fault(err error) (int, string) {
	message, more := err.Error(), 0
	var v2 *yaml2.TypeError
	var v3 *yaml3.TypeError
	if errors.As(err, &v2) {
		message, more = v2.Errors[0], len(v2.Errors)-1
	}
	if errors.As(err, &v3) {
		message, more = v3.Errors[0], len(v3.Errors)-1
	}
	line, message := faultLine(strings.Join(strings.Fields(message), " "))
	if more > 0 {
		message += ", and " + Count(more, "more such fault", "more such faults")
	}
	return line, message
}

func faultLine(message string) (int, string) {
	message = strings.TrimPrefix(message, "yaml: ")
	if strings.HasPrefix(message, "invalid map key: ") { // the library shows a value of Go
		return 1, "a key is a mapping or a list: {{…}} of a template that is not filled in, unless it is quoted"
	}
	rest, ok := strings.CutPrefix(message, "line ")
	if !ok {
		return 1, message
	}
	number, text, ok := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(number)
	if !ok || err != nil {
		return 1, message
	}
	return line, text
}
