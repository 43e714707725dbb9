//! What a connection test found, as doors see it.

use tandem_contract::{CheckReport, CheckStep, Company, Found, StepName, StepOutcome};

use super::id32;
use super::notices::notice_view;
use crate::error::AppError;
use crate::view::{CheckView, CompanyView, FactsView, StepState, StepView, WarehouseView};

/// A test's report.
pub(super) fn check_view(report: &CheckReport) -> CheckView {
    let step = |step: &CheckStep| StepView {
        name: step_name(step.name).to_owned(),
        state: match step.outcome {
            StepOutcome::Passed { .. } => StepState::Passed,
            StepOutcome::Failed => StepState::Failed,
            StepOutcome::NotTried => StepState::NotTried,
        },
        detail: match &step.outcome {
            StepOutcome::Passed { detail } => detail.clone(),
            StepOutcome::Failed | StepOutcome::NotTried => String::new(),
        },
        elapsed_ms: step.elapsed_ms,
    };
    CheckView {
        steps: report.steps.iter().map(step).collect(),
        facts: facts_view(&report.found),
        facts_are_earlier: false,
        facts_at: None,
        notices: report.notices.iter().map(notice_view).collect(),
        failure: report.failure.clone().map(AppError::from),
    }
}

fn step_name(name: StepName) -> &'static str {
    match name {
        StepName::Address => "address",
        StepName::Product => "product",
        StepName::Credentials => "credentials",
        StepName::Rights => "rights",
        StepName::Facts => "facts",
    }
}

pub(super) fn facts_view(found: &Found) -> FactsView {
    let with_version = |name: &String| match &found.version {
        Some(version) => format!("{name} {version}"),
        None => name.clone(),
    };
    FactsView {
        title: found.title.clone(),
        product: found.product.as_ref().map(with_version),
        platform: found.platform.clone(),
        currency: found.currency.map(|currency| currency.code().to_owned()),
        currency_decimals: found.currency_decimals,
        standard_decimals: found.currency.map(tandem_domain::Currency::decimals),
        price_decimals: found.price_decimals,
        prices_include_tax: found.prices_include_tax,
        tax_rounding: found.tax_rounding.clone(),
        time_zone: found.time_zone.clone(),
        skew_seconds: found.skew.map(|skew| id32(skew.seconds)),
        user: found.user.clone(),
        database: found.database.clone(),
        databases: found.databases.clone(),
        companies: found.companies.iter().map(company_view).collect(),
        modules: found.modules.clone(),
        home_url: found.home_url.clone(),
        way: found.way.clone().map(|way| way.0),
        permissions: found.permissions.clone(),
        key_expires_at: found.key_expires.map(|at| at.to_string()),
        order_storage: found.order_storage.clone(),
    }
}

fn company_view(company: &Company) -> CompanyView {
    CompanyView {
        id: id32(company.id),
        name: company.name.clone(),
        currency: company.currency.map(|currency| currency.code().to_owned()),
        warehouses: company
            .warehouses
            .iter()
            .map(|warehouse| WarehouseView {
                id: id32(warehouse.id),
                name: warehouse.name.clone(),
                code: warehouse.code.clone(),
            })
            .collect(),
    }
}
