{{- /* The labels of every object, as kustomize sets them. */ -}}
{{- define "tributary.labels" -}}
app.kubernetes.io/name: tributary
app.kubernetes.io/part-of: tributary
{{- end }}

{{- define "tributary.operatorLabels" -}}
app.kubernetes.io/name: tributary
app.kubernetes.io/component: operator
{{- end }}

{{- define "tributary.image" -}}
{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}
{{- else }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* The name of the PriorityClass; empty for none. */ -}}
{{- define "tributary.priorityClass" -}}
{{- if .Values.priorityClassName }}{{ .Values.priorityClassName }}{{ else if not .Values.namespaced }}tributary{{ end }}
{{- end }}
