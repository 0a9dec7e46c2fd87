//! Kinds of resources: which are read, and which are known and hold nothing that Lind reads.

use crate::Table;

/// A kind of resource that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Bundle,
    Patient,
    Observation,
    Condition,
    MedicationRequest,
    MedicationAdministration,
    MedicationStatement,
    MedicationDispense,
    Medication,
    Specimen,
    Procedure,
    Immunization,
    AllergyIntolerance,
    AdverseEvent,
    ResearchSubject,
    Encounter,
    Consent,
    QuestionnaireResponse,
}

/// What a word for a kind of resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Read(Kind),
    /// A kind of FHIR R4 that is left alone.
    LeftAlone,
    /// No kind of FHIR R4.
    Unknown,
}

impl Kind {
    const ALL: [(&'static str, Kind); 18] = [
        ("Observation", Kind::Observation),
        ("Condition", Kind::Condition),
        ("Procedure", Kind::Procedure),
        ("Encounter", Kind::Encounter),
        ("MedicationRequest", Kind::MedicationRequest),
        ("Immunization", Kind::Immunization),
        ("Patient", Kind::Patient),
        ("Bundle", Kind::Bundle),
        ("MedicationAdministration", Kind::MedicationAdministration),
        ("MedicationStatement", Kind::MedicationStatement),
        ("MedicationDispense", Kind::MedicationDispense),
        ("Medication", Kind::Medication),
        ("Specimen", Kind::Specimen),
        ("AllergyIntolerance", Kind::AllergyIntolerance),
        ("AdverseEvent", Kind::AdverseEvent),
        ("ResearchSubject", Kind::ResearchSubject),
        ("Consent", Kind::Consent),
        ("QuestionnaireResponse", Kind::QuestionnaireResponse),
    ];

    /// All kinds that are read.
    pub(super) fn all() -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().map(|(_, kind)| kind)
    }

    /// Whether it becomes rows of its own, and is not only what others refer to.
    pub(super) fn is_of_rows(self) -> bool {
        !matches!(self, Kind::Bundle | Kind::Medication | Kind::Specimen)
    }

    /// What FHIR calls it.
    pub(super) fn name(self) -> &'static str {
        let found = Kind::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| *name)
    }

    /// What a word stands for.
    pub(super) fn named(name: &str) -> Named {
        if let Some((_, kind)) = Kind::ALL.iter().find(|(other, _)| *other == name) {
            return Named::Read(*kind);
        }
        if LEFT_ALONE.binary_search(&name).is_ok() {
            Named::LeftAlone
        } else {
            Named::Unknown
        }
    }

    /// Which tables it is read into; none: any.
    pub(super) fn tables(self) -> &'static [Table] {
        match self {
            Kind::Bundle => &[],
            Kind::Patient => &[Table::Patients],
            Kind::Observation | Kind::Specimen => &[Table::Observations],
            Kind::Condition => &[Table::Conditions],
            Kind::MedicationRequest
            | Kind::MedicationAdministration
            | Kind::MedicationStatement
            | Kind::MedicationDispense
            | Kind::Medication => &[Table::Treatments, Table::Milestones],
            Kind::Procedure => &[Table::Procedures, Table::Milestones],
            Kind::Immunization => &[Table::Procedures, Table::Treatments],
            Kind::AllergyIntolerance => &[Table::Allergies],
            Kind::AdverseEvent => &[Table::AdverseEvents],
            Kind::ResearchSubject => &[Table::Assignments, Table::Milestones],
            Kind::Encounter => &[Table::Visits],
            Kind::Consent => &[Table::Milestones],
            Kind::QuestionnaireResponse => &[Table::Observations, Table::Attestations],
        }
    }

    /// The kind that the name of a file tells: `Observation.000.ndjson.gz`.
    pub(super) fn of_file(name: &str) -> Named {
        let name = name.rsplit('/').next().unwrap_or(name);
        Kind::named(name.split(['.', '-', '_']).next().unwrap_or(name))
    }
}

/// The kinds of FHIR R4 that are left alone, in the order of the alphabet.
const LEFT_ALONE: &[&str] = &[
    "Account",
    "ActivityDefinition",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "MedicationKnowledge",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
    "Questionnaire",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

#[cfg(test)]
mod tests {
    use super::LEFT_ALONE;

    #[test]
    fn kinds_stand_in_order() {
        assert!(LEFT_ALONE.is_sorted());
    }
}
