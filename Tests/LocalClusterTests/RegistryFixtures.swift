import Kube
import Testing
import YAML

@testable import LocalCluster

/// A CustomResourceDefinition with every field that the server reads.
func widgetDefinition() throws -> Object {
    let yaml = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.org}
        spec:
          group: example.org
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd], categories: [all]}
          versions:
          - name: v1alpha1
            served: true
            storage: false
            deprecated: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            - {name: Seen, type: date, jsonPath: .status.seen}
            - {name: Big, type: boolean, jsonPath: .spec.big, priority: 1, description: Whether the widget is big.}
            - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
            schema:
              openAPIV3Schema:
                type: object
                description: A widget for tests.
                properties:
                  spec:
                    type: object
                    description: Desired state.
                    required: [size]
                    properties:
                      size: {type: integer, description: Size of the widget.}
                      big: {type: boolean, default: false}
                      replicas: {type: integer, default: 1}
                      tags: {type: array, items: {type: string}, x-kubernetes-list-type: set}
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name, kind]
                        items:
                          type: object
                          required: [name]
                          properties: {name: {type: string}, kind: {type: string, default: plain}, size: {type: integer}}
                      options: {type: object, additionalProperties: {type: string}}
                      place: {type: object, x-kubernetes-map-type: atomic, properties: {x: {type: integer}, y: {type: integer}}}
                      steps: {type: array, items: {type: object, properties: {run: {type: string}}}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
    return Object(try #require(try YAML.parse(yaml).first).value)
}

/// The built-in kinds and the widgets.
func registryWithWidgets() throws -> Registry {
    var registry = Registry()
    try registry.add(crd: widgetDefinition())
    return registry
}
