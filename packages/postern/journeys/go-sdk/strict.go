package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

// report is what was called and what was wrong with the answers. A program that goes on after a fault tells all of them.
type report struct {
	Calls  int      `json:"calls"`
	Faults []string `json:"faults"`
}

func (r *report) fault(format string, values ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, values...))
}

// stop ends the journey where nothing that follows could be judged.
type stop struct{ error }

// call executes a request that must succeed, and holds the answer against the SDK's own model.
func call[T any](r *report, what string, execute func() (T, *http.Response, error)) T {
	r.Calls++
	value, response, err := execute()
	if err != nil {
		panic(stop{fmt.Errorf("%s: %w", what, err)})
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		panic(stop{fmt.Errorf("%s: %w", what, err)})
	}
	for _, fault := range unlike(reflect.TypeFor[T](), body) {
		r.fault("%s: %s", what, fault)
	}
	if media := response.Header.Get("Content-Type"); !strings.HasPrefix(media, "application/vnd.atlas.") {
		r.fault("%s: its content type is %q", what, media)
	}
	return value
}

// done executes a request whose answer has no model.
func done(r *report, what string, execute func() (*http.Response, error)) {
	r.Calls++
	if _, err := execute(); err != nil {
		panic(stop{fmt.Errorf("%s: %w", what, err)})
	}
}

// refused executes a request that must be answered with this status and error code, by the SDK's own means of telling.
func refused[T any](r *report, what string, status int, code string, execute func() (T, *http.Response, error)) {
	r.Calls++
	_, response, err := execute()
	known, typed := admin.AsError(err)
	switch {
	case err == nil:
		r.fault("%s: was not refused", what)
	case !typed || !admin.IsErrorCode(err, code) || known.Error != status || known.GetDetail() == "" || known.GetReason() == "":
		r.fault("%s: wanted %d %s, got %v", what, status, code, err)
	case response.Header.Get("X-Error-Code") != code:
		r.fault("%s: X-Error-Code is %q", what, response.Header.Get("X-Error-Code"))
	}
}

// newer are fields that Atlas answers since this SDK was made; it passes them over.
var newer = map[string]bool{
	"ClusterDescription20240805.effectiveDatabaseEdition": true,
	"EventViewForNdsGroup.clusterName":                    true,
	"GroupSettings.isAtlasHomePageAiAssistantEnabled":     true,
	"GroupSettings.isDataValidationEnabled":               true,
	"OrganizationSettings.operationsContact":              true,
	"ServiceAccountGroup.roles":                           true,
}

// leftOut are fields that the SDK demands and Atlas does not: its recorded answers have none, or its contract says null.
var leftOut = map[string]bool{"DatabasePermittedNamespaceResource.cluster": true, "SystemStatus.apiKey": true}

// unlike tells where a body and the SDK's model of it differ: what is of another type, what the model has no field for,
// and what it demands and the body has not.
func unlike(model reflect.Type, body []byte) []string {
	if model.Kind() == reflect.String || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, reflect.New(model).Interface()); err != nil {
		return []string{err.Error()}
	}
	var raw any
	if err := json.Unmarshal(body, &raw); err != nil {
		return []string{err.Error()}
	}
	return differences(model, raw, "")
}

func differences(model reflect.Type, raw any, path string) []string {
	for model.Kind() == reflect.Pointer {
		model = model.Elem()
	}
	var faults []string
	switch value := raw.(type) {
	case []any:
		for at, element := range value {
			faults = append(faults, differences(model.Elem(), element, fmt.Sprintf("%s[%d]", path, at))...)
		}
	case map[string]any:
		if model.Kind() != reflect.Struct {
			break
		}
		known := map[string]bool{}
		for at := range model.NumField() {
			name, options, _ := strings.Cut(model.Field(at).Tag.Get("json"), ",")
			known[name] = true
			if found := value[name]; found != nil {
				faults = append(faults, differences(model.Field(at).Type, found, path+"."+name)...)
			} else if !strings.Contains(options, "omitempty") && !leftOut[model.Name()+"."+name] {
				faults = append(faults, fmt.Sprintf("%s.%s is demanded and not there", path, name))
			}
		}
		for name := range value {
			if !known[name] && !newer[model.Name()+"."+name] {
				faults = append(faults, fmt.Sprintf("%s.%s is unknown to the SDK", path, name))
			}
		}
	}
	return faults
}
