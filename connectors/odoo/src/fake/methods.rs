//! `execute_kw`: the methods that reads are made of, on every model of the stand-in.

use serde_json::{Map, Value, json};
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::domain::Domain;
use super::refusal::Refusal;
use super::schema::{Field, Kind, Model};
use super::view::{Cell, View};

/// A call to a model, with its arguments by place and by name.
struct Call<'a> {
    model: Model,
    method: &'a str,
    args: &'a [Value],
    kwargs: &'a Value,
    account: &'a ErpAccount,
    major: u32,
    /// Decimals that unit prices keep.
    price_digits: u32,
    view: View<'a>,
}

/// Runs `[model, method, args, kwargs]` as a user.
pub(super) fn execute(world: &World, account: &ErpAccount, call: &[Value]) -> Outcome {
    let text = |place: usize| call.get(place).and_then(Value::as_str).unwrap_or_default();
    let (name, method) = (text(0), text(1));
    let major = super::major(world);
    let Some(model) = Model::find(name, &world.erp.modules, major) else {
        return Err(Refusal::no_such_model(name));
    };
    if method.starts_with('_') {
        return Err(Refusal::private_method(method));
    }
    let kwargs = call.get(3).unwrap_or(&Value::Null);
    let language = kwargs["context"]["lang"].as_str().unwrap_or_default();
    let call = Call {
        model,
        method,
        args: call
            .get(2)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice),
        kwargs,
        account,
        major,
        price_digits: world.erp.sales.price_digits,
        view: View::new(world, account, (companies(world, kwargs)?, language)),
    };
    call.run()
}

fn companies(world: &World, kwargs: &Value) -> Result<Vec<i64>, Refusal> {
    let named = kwargs["context"]["allowed_company_ids"].as_array();
    let ids: Vec<i64> = named
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    if ids.iter().all(|id| world.erp.companies.contains_key(id)) {
        Ok(ids)
    } else {
        Err(Refusal::foreign_company())
    }
}

impl Call<'_> {
    fn run(&self) -> Outcome {
        match self.method {
            "search_read" => self.readable()?.search_read(),
            "search" => Ok(Some(json!(self.readable()?.found()?))),
            "search_count" => Ok(Some(json!(self.readable()?.matching(usize::MAX)?.len()))),
            "read" => self.readable()?.read(),
            "fields_get" => Ok(Some(self.fields_get())),
            "check_access_rights" if self.major < 20 => self.check_access_rights(),
            "context_get" if self.model.name == "res.users" => Ok(Some(self.context_get())),
            // From 18 on; the first argument is the records, which may be none.
            "has_access" if self.major >= 18 => {
                Ok(Some(json!(self.allowed(self.arg(1, "operation")))))
            }
            _ => Err(Refusal::no_such_method(self.model.name, self.method)),
        }
    }

    fn readable(&self) -> Result<&Self, Refusal> {
        if self.model.readable(self.account.rights) {
            Ok(self)
        } else {
            Err(self.model.not_readable())
        }
    }

    /// An argument by place or by name.
    fn arg(&self, place: usize, name: &str) -> &Value {
        self.args.get(place).unwrap_or(&self.kwargs[name])
    }

    fn check_access_rights(&self) -> Outcome {
        let allowed = self.allowed(self.arg(0, "operation"));
        let raises = self.arg(1, "raise_exception").as_bool().unwrap_or(true);
        if !allowed && raises {
            return Err(self.model.not_readable());
        }
        Ok(Some(json!(allowed)))
    }

    fn allowed(&self, operation: &Value) -> bool {
        match operation.as_str() {
            Some("read") => self.model.readable(self.account.rights),
            Some(_) => self.model.writable(self.account.rights),
            None => false,
        }
    }

    /// `v19-24-json2-context-get`.
    fn context_get(&self) -> Value {
        let own = |field: &str| {
            let cell = self.view.cell("res.users", self.account.uid, field);
            cell.to_json(None)
        };
        json!({"lang": own("lang"), "tz": own("tz"), "uid": self.account.uid})
    }

    fn fields_get(&self) -> Value {
        let names: Option<Vec<&str>> = self
            .arg(0, "allfields")
            .as_array()
            .map(|names| texts(names).collect());
        let attributes: Vec<&str> = match self.arg(1, "attributes").as_array() {
            Some(attributes) => texts(attributes).collect(),
            None => vec!["type", "string", "readonly", "required", "store"],
        };
        let fields = self.model.fields().filter(|field| field.kind != Kind::Path);
        let wanted = fields.filter(|field| {
            names
                .as_ref()
                .is_none_or(|names| names.is_empty() || names.contains(&field.name))
        });
        wanted
            .map(|field| {
                (
                    field.name.to_owned(),
                    field.describe(&attributes, (self.major, self.price_digits)),
                )
            })
            .collect::<Map<_, _>>()
            .into()
    }

    fn search_read(&self) -> Outcome {
        let fields = self.fields(self.arg(1, "fields"))?;
        let rows: Vec<Value> = self
            .found()?
            .into_iter()
            .map(|id| self.row(id, &fields))
            .collect();
        Ok(Some(Value::Array(rows)))
    }

    /// Ids that are not there are left out, as recorded in `017-missing-read`.
    fn read(&self) -> Outcome {
        let fields = self.fields(self.arg(1, "fields"))?;
        let asked = self.arg(0, "ids").as_array();
        let ids = asked.into_iter().flatten().filter_map(Value::as_i64);
        let rows: Vec<Value> = ids
            .filter(|id| self.view.has(self.model.name, *id))
            .map(|id| self.row(id, &fields))
            .collect();
        Ok(Some(Value::Array(rows)))
    }

    fn fields(&self, names: &Value) -> Result<Vec<Field>, Refusal> {
        let names: Vec<&str> = names
            .as_array()
            .map(|names| texts(names).collect())
            .unwrap_or_default();
        if names.is_empty() {
            return Ok(self
                .model
                .fields()
                .filter(|field| field.kind != Kind::Path)
                .collect());
        }
        let field = |name: &str| {
            let found = self.model.field(name);
            found.ok_or_else(|| Refusal::no_such_field(self.model.name, name))
        };
        names.into_iter().map(field).collect()
    }

    fn row(&self, id: i64, fields: &[Field]) -> Value {
        let bare = self.kwargs.get("load").is_some_and(Value::is_null);
        let mut row = Map::from_iter([("id".to_owned(), json!(id))]);
        for field in fields {
            let cell = self.view.cell(self.model.name, id, field.name);
            let cell = match (field.kind, cell) {
                // An empty many2many is an empty list, everything else empty is false.
                (Kind::Many2many(_) | Kind::One2many(_), Cell::Nothing) => Cell::Refs(Vec::new()),
                (_, cell) => cell,
            };
            let value = match field.kind {
                Kind::Many2one(to) if !bare => cell.to_json(Some(&|id| self.view.name(to, id))),
                _ => cell.to_json(None),
            };
            row.insert(field.name.to_owned(), value);
        }
        Value::Object(row)
    }

    /// Ids that the domain finds, ordered and cut as asked.
    fn found(&self) -> Result<Vec<i64>, Refusal> {
        let cut = |name: &str| {
            let count = self.kwargs[name].as_u64();
            count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))
        };
        let offset = cut("offset").unwrap_or(0);
        let limit = cut("limit").unwrap_or(usize::MAX);
        let last = offset.saturating_add(limit);
        let mut ids = match self.kwargs["order"].as_str().unwrap_or("id") {
            "id" => self.matching(last)?,
            order => {
                let mut ids = self.matching(usize::MAX)?;
                self.sort(&mut ids, order)?;
                ids
            }
        };
        ids.truncate(last);
        Ok(ids.split_off(offset.min(ids.len())))
    }

    fn sort(&self, ids: &mut [i64], order: &str) -> Result<(), Refusal> {
        let column = |words: &str| {
            let (name, direction) = words.trim().split_once(' ').unwrap_or((words.trim(), ""));
            match self.model.field(name) {
                Some(field) => Ok((field.name, direction.trim() == "desc")),
                None => Err(Refusal::no_such_field(self.model.name, name)),
            }
        };
        let columns: Vec<_> = order.split(',').map(column).collect::<Result<_, _>>()?;
        ids.sort_by(|a, b| {
            let by = columns.iter().map(|(column, down)| {
                let cell = |id: &i64| self.view.cell(self.model.name, *id, column);
                let order = cell(a).order(&cell(b));
                if *down { order.reverse() } else { order }
            });
            by.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        Ok(())
    }

    /// The first ids that the domain finds, ascending.
    fn matching(&self, count_max: usize) -> Result<Vec<i64>, Refusal> {
        let domain = Domain::parse(self.arg(0, "domain"), &self.model)?;
        let hides_archived = self.model.field("active").is_some()
            && self.kwargs["context"]["active_test"]
                .as_bool()
                .unwrap_or(true)
            && !domain.mentions("active");
        let found = self.candidates(&domain).filter(|id| {
            (!hides_archived || self.is_active(*id)) && domain.holds(&self.view, &self.model, *id)
        });
        Ok(found.take(count_max).collect())
    }

    /// Ids that can be found at all, ascending. Large worlds are read by ids of one kind or
    /// another, and trying every record for each page would take longer than a real server.
    fn candidates(&self, domain: &Domain) -> Box<dyn Iterator<Item = i64> + '_> {
        let name = self.model.name;
        let mut ids: Vec<i64> = match (domain.only("id"), domain.only("product_id")) {
            (Some(only), _) => only
                .iter()
                .copied()
                .filter(|id| self.view.has(name, *id))
                .collect(),
            (None, Some(products)) if name == "stock.quant" => self.view.quants_of(products),
            (None, _) if name == "sale.order.line" && domain.only("order_id").is_some() => {
                let orders = domain.only("order_id").into_iter().flatten();
                self.view.lines_of(orders)
            }
            (None, _) => return self.view.ids_after(name, domain.begins_after()),
        };
        ids.sort_unstable();
        Box::new(ids.into_iter())
    }

    fn is_active(&self, id: i64) -> bool {
        !matches!(
            self.view.cell(self.model.name, id, "active"),
            Cell::Bool(false)
        )
    }
}

fn texts(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(Value::as_str)
}
