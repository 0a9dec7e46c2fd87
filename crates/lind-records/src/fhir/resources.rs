//! The resources, as far as they are read.

use serde_json::value::RawValue;

use super::elements::{
    Coding, Concept, Contained, Dosage, Extension, Number, Period, Quantity, Range, Ratio,
    Reference, Text, Timing, elements, slow_elements,
};

elements! {
    /// A patient.
    Patient {
        id: Option<Text<'a>>,
        gender: Option<Text<'a>>,
        birth_date: Option<Text<'a>>,
        deceased_boolean: Option<bool>,
        deceased_date_time: Option<Text<'a>>,
        link: Vec<PatientLink<'a>>,
    }
    /// Another record of the same patient.
    PatientLink {
        other: Option<Reference<'a>>,
        r#type: Option<Text<'a>>,
    }
    /// A result.
    Observation {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        code: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        effective_date_time: Option<Text<'a>>,
        effective_instant: Option<Text<'a>>,
        effective_period: Option<Period<'a>>,
        effective_timing: Option<Box<Timing<'a>>>,
        value_quantity: Option<Quantity<'a>>,
        value_codeable_concept: Option<Concept<'a>>,
        value_string: Option<Text<'a>>,
        value_boolean: Option<bool>,
        value_integer: Option<Number<'a>>,
        value_range: Option<Box<Range<'a>>>,
        value_ratio: Option<Box<Ratio<'a>>>,
        value_date_time: Option<Text<'a>>,
        value_time: Option<Text<'a>>,
        data_absent_reason: Option<Concept<'a>>,
        body_site: Option<Concept<'a>>,
        method: Option<Concept<'a>>,
        specimen: Option<Reference<'a>>,
        reference_range: Vec<ReferenceRange<'a>>,
        component: Vec<Component<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// A part of a result.
    Component {
        code: Option<Concept<'a>>,
        value_quantity: Option<Quantity<'a>>,
        value_codeable_concept: Option<Concept<'a>>,
        value_string: Option<Text<'a>>,
        value_boolean: Option<bool>,
        value_integer: Option<Number<'a>>,
        value_range: Option<Box<Range<'a>>>,
        value_ratio: Option<Box<Ratio<'a>>>,
        value_date_time: Option<Text<'a>>,
        value_time: Option<Text<'a>>,
        reference_range: Vec<ReferenceRange<'a>>,
    }
    /// The laboratory's limits.
    ReferenceRange {
        low: Option<Quantity<'a>>,
        high: Option<Quantity<'a>>,
        r#type: Option<Concept<'a>>,
        applies_to: Vec<Concept<'a>>,
        age: Option<Box<Range<'a>>>,
    }
    /// A diagnosis.
    Condition {
        id: Option<Text<'a>>,
        clinical_status: Option<Concept<'a>>,
        verification_status: Option<Concept<'a>>,
        severity: Option<Concept<'a>>,
        code: Option<Concept<'a>>,
        body_site: Vec<Concept<'a>>,
        subject: Option<Reference<'a>>,
        onset_date_time: Option<Text<'a>>,
        onset_period: Option<Period<'a>>,
        onset_age: Option<Box<Quantity<'a>>>,
        abatement_date_time: Option<Text<'a>>,
        abatement_period: Option<Period<'a>>,
        abatement_age: Option<Box<Quantity<'a>>>,
        abatement_range: Option<Box<Range<'a>>>,
        abatement_string: Option<Text<'a>>,
        recorded_date: Option<Text<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// An allergy.
    AllergyIntolerance {
        id: Option<Text<'a>>,
        clinical_status: Option<Concept<'a>>,
        verification_status: Option<Concept<'a>>,
        code: Option<Concept<'a>>,
        patient: Option<Reference<'a>>,
        onset_date_time: Option<Text<'a>>,
        onset_period: Option<Period<'a>>,
        onset_age: Option<Box<Quantity<'a>>>,
        recorded_date: Option<Text<'a>>,
        reaction: Vec<Reaction<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// How somebody reacted.
    Reaction {
        substance: Option<Concept<'a>>,
        severity: Option<Text<'a>>,
    }
    /// An adverse event.
    AdverseEvent {
        id: Option<Text<'a>>,
        actuality: Option<Text<'a>>,
        event: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        date: Option<Text<'a>>,
        detected: Option<Text<'a>>,
        seriousness: Option<Concept<'a>>,
        suspect_entity: Vec<SuspectEntity<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// What may have caused an adverse event.
    SuspectEntity {
        causality: Vec<Causality<'a>>,
    }
    /// Whether it did.
    Causality {
        assessment: Option<Concept<'a>>,
    }
    /// An order, an administration, a statement or a dispensing of a drug: the elements of all four.
    Medicine {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        intent: Option<Text<'a>>,
        do_not_perform: Option<bool>,
        medication_codeable_concept: Option<Concept<'a>>,
        medication_reference: Option<Reference<'a>>,
        subject: Option<Reference<'a>>,
        authored_on: Option<Text<'a>>,
        effective_date_time: Option<Text<'a>>,
        effective_period: Option<Period<'a>>,
        date_asserted: Option<Text<'a>>,
        when_prepared: Option<Text<'a>>,
        when_handed_over: Option<Text<'a>>,
        reason_code: Vec<Concept<'a>>,
        dosage_instruction: Vec<Dosage<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// How much a patient said to take.
    StatedDosage {
        dosage: Vec<Dosage<'a>>,
    }
    /// How much was given.
    GivenDosage {
        dosage: Option<AdministeredDosage<'a>>,
    }
    /// How much was given.
    AdministeredDosage {
        route: Option<Concept<'a>>,
        dose: Option<Quantity<'a>>,
    }
    /// A drug, as a resource of its own.
    Medication {
        id: Option<Text<'a>>,
        code: Option<Concept<'a>>,
    }
    /// A sample.
    Specimen {
        id: Option<Text<'a>>,
        r#type: Option<Concept<'a>>,
    }
    /// A procedure.
    Procedure {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        code: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        performed_date_time: Option<Text<'a>>,
        performed_period: Option<Period<'a>>,
        body_site: Vec<Concept<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// A vaccination.
    Immunization {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        vaccine_code: Option<Concept<'a>>,
        patient: Option<Reference<'a>>,
        occurrence_date_time: Option<Text<'a>>,
        site: Option<Concept<'a>>,
        route: Option<Concept<'a>>,
        dose_quantity: Option<Quantity<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// A visit or a stay.
    Encounter {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        class: Option<Coding<'a>>,
        r#type: Vec<Concept<'a>>,
        service_type: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        period: Option<Period<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// Taking part in a trial.
    ResearchSubject {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        period: Option<Period<'a>>,
        individual: Option<Reference<'a>>,
        assigned_arm: Option<Text<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// A consent.
    Consent {
        id: Option<Text<'a>>,
        status: Option<Text<'a>>,
        scope: Option<Concept<'a>>,
        category: Vec<Concept<'a>>,
        patient: Option<Reference<'a>>,
        date_time: Option<Text<'a>>,
        provision: Option<Provision<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// What is consented to.
    Provision {
        r#type: Option<Text<'a>>,
    }
    /// An answered questionnaire.
    QuestionnaireResponse {
        id: Option<Text<'a>>,
        questionnaire: Option<Text<'a>>,
        status: Option<Text<'a>>,
        subject: Option<Reference<'a>>,
        authored: Option<Text<'a>>,
        author: Option<Reference<'a>>,
        item: Vec<Item<'a>>,
        contained: Vec<Contained<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// A question, or a group of questions.
    Item {
        link_id: Option<Text<'a>>,
        answer: Vec<Answer<'a>>,
        item: Vec<Item<'a>>,
    }
    /// An answer.
    Answer {
        value_boolean: Option<bool>,
        value_decimal: Option<Number<'a>>,
        value_integer: Option<Number<'a>>,
        value_quantity: Option<Quantity<'a>>,
        value_coding: Option<Coding<'a>>,
        value_string: Option<Text<'a>>,
        value_date: Option<Text<'a>>,
        value_date_time: Option<Text<'a>>,
        item: Vec<Item<'a>>,
    }
}

elements! {
    /// What is to be done with an entry of a bundle.
    Request {
        method: Option<Text<'a>>,
    }
}

slow_elements! {
    /// Many resources in one.
    Bundle {
        r#type: Option<Text<'a>>,
        entry: Option<Vec<Entry<'a>>>,
    }
    /// One of them.
    Entry {
        full_url: Option<Text<'a>>,
        resource: Option<&'a RawValue>,
        request: Option<Request<'a>>,
        response: Option<&'a RawValue>,
    }
    /// What kind of resource it is.
    Head {
        resource_type: Option<Text<'a>>,
        id: Option<Text<'a>>,
        transaction_time: Option<&'a RawValue>,
        output: Option<&'a RawValue>,
    }
    /// What tells of a resource that is not built as it should be whose it is and what it is about.
    Loose {
        id: Option<&'a RawValue>,
        subject: Option<&'a RawValue>,
        patient: Option<&'a RawValue>,
        individual: Option<&'a RawValue>,
        code: Option<&'a RawValue>,
        vaccine_code: Option<&'a RawValue>,
        event: Option<&'a RawValue>,
        medication_codeable_concept: Option<&'a RawValue>,
        component: Option<&'a RawValue>,
    }
}
